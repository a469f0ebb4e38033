//! The built-in simulated callees: ten numbers that any API can dial, and that no carrier carries.
//!
//! They live on a phone of this process, on loopback, behind a trunk named *simulated*; their
//! numbers are of the range that North America reserves for fiction (+1 202 555 0100 to 0199).
//! What each of them does is a script in `callees/`. The agents that a new installation has to
//! call them with are in `agents/`.

mod agents;
mod trunk;

use std::{
    net::SocketAddr,
    sync::{Arc, OnceLock},
};

use anyhow::Context as _;
use app::App;
use model::TenantId;

use crate::phone::{Phone, PhoneSettings, Script};

pub use agents::demo_agents;

/// Number of the first callee, without its last digit.
pub const CALLEE_PREFIX: &str = "1202555010";

/// Name and script of each callee; the place is the last digit of its number.
const CALLEES: [(&str, &str); 10] = [
    ("no_answer", include_str!("callees/no_answer.yaml")),
    ("polite", include_str!("callees/polite.yaml")),
    ("interrupts", include_str!("callees/interrupts.yaml")),
    ("silent", include_str!("callees/silent.yaml")),
    ("busy", include_str!("callees/busy.yaml")),
    ("keys", include_str!("callees/keys.yaml")),
    ("voicemail", include_str!("callees/voicemail.yaml")),
    ("noisy", include_str!("callees/noisy.yaml")),
    ("hangs_up", include_str!("callees/hangs_up.yaml")),
    ("angry", include_str!("callees/angry.yaml")),
];

/// Starts the callees' phone and points the trunk at it. `listen` must be loopback; its port may
/// be 0, since the trunk is brought up to date at every start.
///
/// # Errors
///
/// Fails when the address is not loopback or cannot be had, or the store does not answer.
pub async fn start(app: &Arc<App>, listen: SocketAddr) -> anyhow::Result<Phone> {
    anyhow::ensure!(
        listen.ip().is_loopback(),
        "simulated callees answer on loopback only"
    );
    let settings = PhoneSettings {
        listen,
        rtp_ports: None,
        record: None,
    };
    let phone = Phone::start(settings, Arc::clone(app.speaker()), Box::new(by_number))
        .await
        .with_context(|| format!("simulated callees failed to listen on {listen}"))?;
    trunk::ensure(app, phone.local())
        .await
        .context("failed to keep the trunk `simulated`")?;
    Ok(phone)
}

/// Lets a new tenant call the callees. That it cannot is logged: the tenant is there all the same.
pub async fn welcome(app: &App, tenant: TenantId) {
    if let Err(error) = trunk::welcome(app, tenant).await {
        tracing::warn!(%tenant, %error, "failed to give a number to show to simulated callees");
    }
}

/// The script of a callee by what was dialed, in any spelling.
pub fn by_number(dialed: &str) -> Option<Arc<Script>> {
    let digits = dialed.trim_start_matches('+').trim_start_matches("00");
    let last = digits.strip_prefix(CALLEE_PREFIX)?;
    let callee_idx: usize = last.parse().ok().filter(|_| last.len() == 1)?;
    Some(Arc::clone(&scripts()[callee_idx]))
}

/// The script of a callee by its name.
pub fn by_name(name: &str) -> Option<Arc<Script>> {
    let callee_idx = CALLEES.iter().position(|(known, _)| *known == name)?;
    Some(Arc::clone(&scripts()[callee_idx]))
}

/// Every callee's name.
pub fn names() -> Vec<&'static str> {
    CALLEES.iter().map(|(name, _)| *name).collect()
}

fn scripts() -> &'static [Arc<Script>] {
    static SCRIPTS: OnceLock<Vec<Arc<Script>>> = OnceLock::new();
    SCRIPTS.get_or_init(|| {
        let parse = |(_, text): &(&str, &str)| Script::parse(text).expect("a test parses them all");
        CALLEES
            .iter()
            .map(|callee| Arc::new(parse(callee)))
            .collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::phone::Script;

    #[test]
    fn every_callee_has_a_script_that_parses() {
        for (name, text) in CALLEES {
            Script::parse(text).unwrap_or_else(|why| panic!("{name}: {why:#}"));
        }
    }

    #[test]
    fn a_callee_is_found_in_every_spelling_of_its_number() {
        let polite = by_name("polite").unwrap();
        for dialed in ["+12025550101", "0012025550101", "12025550101"] {
            assert_eq!(by_number(dialed).as_ref(), Some(&polite), "{dialed}");
        }
        for nobody in ["+12025550110", "+1202555010", "+12025550199", "101", ""] {
            assert_eq!(by_number(nobody), None, "{nobody}");
        }
    }
}
