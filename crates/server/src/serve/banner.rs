//! What a start tells: where everything is, and what state it is in.
//!
//! On a terminal this goes to stderr, with the set-up link; elsewhere to the log, without secrets.

use std::{io::IsTerminal, path::Path, sync::Arc, time::Duration};

use api::native::SetupLink;
use app::App;
use model::{DeliveryState, TenantId};
use store::{Database, DeliveryFilter, Paging, StoreError};

use crate::{
    cli::tell,
    config::{LogFormat, Resolved},
};

/// Tenants that are looked at for the line of state.
const TENANTS_MAX: u32 = 200;

/// The commit that the program was built from, if it was built for use and from one.
const COMMIT: Option<&str> = option_env!("SWITCHBOARD_COMMIT");

/// What a start tells.
pub struct Banner {
    data: String,
    config: String,
    database: &'static str,
    base: String,
    setup: Option<(String, String)>,
    tenant: Option<TenantId>,
    sip: String,
    rtp: String,
    speech: String,
    is_local: bool,
    state: String,
    dev: bool,
    simulated: bool,
    format: LogFormat,
    took: Duration,
}

impl Banner {
    /// Collects the facts.
    pub async fn of(
        app: &Arc<App>,
        resolved: &Resolved,
        link: Option<&SetupLink>,
        took: Duration,
    ) -> Result<Self, StoreError> {
        let settings = app.settings();
        let tenants = app.store().tenants(Paging::first(1)).await?;
        Ok(Self {
            data: settings.data.display().to_string(),
            config: resolved.file.as_ref().map_or_else(
                || "none (defaults)".to_owned(),
                |file| file.display().to_string(),
            ),
            database: match settings.database {
                Database::Sqlite { .. } => "SQLite",
                Database::Postgres { .. } => "PostgreSQL",
            },
            base: settings.public_url.clone(),
            setup: link.map(|link| (link.url.clone(), clock(link.expires_at.0))),
            tenant: tenants.items.first().map(|tenant| tenant.id),
            sip: settings.sip_listen.to_string(),
            rtp: settings.rtp_ports.map_or_else(
                || "any port".to_owned(),
                |(first, last)| format!("{first}-{last}"),
            ),
            speech: speech(),
            is_local: resolved.listen.ip().is_loopback(),
            state: state(app).await?,
            dev: resolved.dev,
            simulated: resolved.simulated,
            format: resolved.log_format,
            took,
        })
    }

    /// Whether somebody is looking.
    pub fn is_for_people(&self) -> bool {
        std::io::stderr().is_terminal() && self.format != LogFormat::Json
    }

    /// Tells people.
    pub fn tell(&self) {
        tell(&self.text());
    }

    fn text(&self) -> String {
        let base = &self.base;
        let mut lines = vec![
            format!(
                "switchboard {}{}  data {}  config {}",
                env!("CARGO_PKG_VERSION"),
                COMMIT.map_or_else(String::new, |commit| format!("  commit {commit}")),
                self.data,
                self.config
            ),
            String::new(),
        ];
        if let Some((url, until)) = &self.setup {
            lines.push(format!("  Set up       {url}     once, until {until}"));
        }
        let tenant = self
            .tenant
            .map_or_else(String::new, |id| format!("            SdkAppId {id}"));
        lines.extend([
            format!("  Console      {base}/console"),
            format!("  Workspace    {base}/work"),
            format!("  Native API   {base}/api/v1      OpenAPI /api/v1/openapi.json"),
            format!("  Tencent API  {base}/{tenant}"),
            format!(
                "  SIP          {} udp tcp            RTP {}",
                self.sip, self.rtp
            ),
            format!("  Speech       {}", self.speech),
            format!("  State        {}, {}", self.database, self.state),
            String::new(),
        ]);
        if self.simulated {
            lines.push("  Simulated people answer +1 202 555 0100 to 0109.".to_owned());
        }
        if self.dev {
            lines.push(
                "  Development keys: AKIDdev / dev-secret, token swb_dev, sign in as dev / dev."
                    .to_owned(),
            );
        }
        if self.is_local {
            let hint = "switchboard serve --public-ip 203.0.113.7";
            lines.push(format!(
                "  Only this machine can reach it. For others: {hint}"
            ));
        }
        if self.setup.is_some() {
            lines.push("  Until set-up is finished, only the set-up page answers.".to_owned());
        }
        lines.push(String::new());
        lines.push(
            "  Hear a call:  switchboard demo        Something wrong:  switchboard doctor"
                .to_owned(),
        );
        lines.push(format!("ready in {:.2} s", self.took.as_secs_f64()));
        lines.join("\n")
    }

    /// Logs the same, without secrets.
    pub fn log(&self, link_file: Option<&Path>) {
        tracing::info!(
            version = env!("CARGO_PKG_VERSION"),
            commit = COMMIT,
            data = self.data,
            config = self.config,
            console = format!("{}/console", self.base),
            native_api = format!("{}/api/v1", self.base),
            tencent_api = self.base,
            sip = self.sip,
            rtp = self.rtp,
            speech = self.speech,
            state = self.state,
            dev = self.dev,
            took_ms = u64::try_from(self.took.as_millis()).unwrap_or(u64::MAX),
            "ready"
        );
        if let Some(file) = link_file {
            tracing::info!(
                file = %file.display(),
                "set-up is not finished: the link is in this file; for a new one run `switchboard setup-link`"
            );
        }
    }
}

/// Local time of day, `14:32`.
fn clock(unix_ms: i64) -> String {
    jiff::Timestamp::from_millisecond(unix_ms).map_or_else(
        |_| String::new(),
        |time| {
            time.to_zoned(jiff::tz::TimeZone::system())
                .strftime("%H:%M")
                .to_string()
        },
    )
}

fn speech() -> String {
    let missing = providers::speaker::LocalSpeaker::new().missing();
    if missing.is_empty() {
        return "flite, espeak-ng (local)".to_owned();
    }
    let missing: Vec<String> = missing.iter().map(ToString::to_string).collect();
    format!("incomplete: {}", missing.join("; "))
}

/// The line of state: what there is, and what is stuck.
async fn state(app: &Arc<App>) -> Result<String, StoreError> {
    let store = app.store();
    let trunks = store.trunks(Paging::first(0)).await?.total;
    let numbers = store.numbers(None, Paging::first(0)).await?.total;
    let tenants = store.tenants(Paging::first(TENANTS_MAX)).await?;
    let (mut agents, mut exhausted) = (0, 0);
    for tenant in &tenants.items {
        agents += store.voice_agents(tenant.id, Paging::first(0)).await?.total;
        let filter = DeliveryFilter {
            tenant: tenant.id,
            endpoint: None,
            call: None,
            state: Some(DeliveryState::Exhausted),
        };
        exhausted += store.deliveries(&filter, Paging::first(0)).await?.total;
    }
    let mut state = format!(
        "{} instances · {trunks} trunks · {numbers} numbers · {agents} voice agents",
        tenants.total
    );
    if exhausted > 0 {
        state.push_str(&format!(" · {exhausted} pushes given up"));
    }
    Ok(state)
}
