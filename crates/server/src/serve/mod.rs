//! `switchboard serve`: starts the centre, tells where it is, and drains it on a signal.

mod banner;
mod http;
mod places;
mod seed;
mod web;

use std::{
    fs,
    os::unix::fs::{DirBuilderExt, PermissionsExt},
    path::Path,
    process::ExitCode,
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::Context;
use api::native::{self, Checks, Native, SetupLink};
use app::App;
use tokio::signal::unix::{Signal, SignalKind, signal};

use self::banner::Banner;
use crate::{
    config::{self, Flags, Resolved},
    doctor, logging, open_files, picture, ports,
    setup_link::seal_key,
    simulated,
};

/// How long requests that are being answered may last after the calls have ended.
const HTTP_DRAIN_MAX: Duration = Duration::from_secs(2);

/// File in the data folder that holds the set-up link where there is no terminal to print it to.
const LINK_FILE: &str = "setup-link";

/// Runs the centre until a signal.
pub async fn run(flags: Box<Flags>) -> anyhow::Result<ExitCode> {
    let begun = Instant::now();
    let resolved = config::load(&flags)?;
    logging::start(resolved.log_format);
    if let Some(raised) = open_files::raise() {
        let (from, to) = (raised.from, raised.to);
        tracing::info!(
            from,
            to,
            "the limit of open files is as high as it may be now"
        );
    }
    let listener = ports::bind_tcp(resolved.listen, "--listen")?;
    let settings = resolved.settings(listener.local_addr()?);
    ports::check_sip(settings.sip_listen, "--sip-listen")?;
    create_folder(&settings.data)?;
    let seal = seal_key(&resolved)?;
    let app = App::start(settings, seal, Arc::new(api_tencent::push::TencentPush))
        .await
        .context("failed to start")?;
    seed::sow(&app, &resolved)
        .await
        .context("failed to seed the database")?;
    let callees = match resolved.simulated {
        true => Some(simulated::start(&app, resolved.simulated_listen).await?),
        false => None,
    };
    let link = setup_link(&app).await?;
    let native = native(&app, link.is_none(), callees.is_some());
    let native = native.checking(checks(&app));
    let (stop, stopped) = tokio::sync::oneshot::channel();
    let serving = tokio::spawn(http::serve(listener, http::routes(&app, native), stopped));
    tell_where(&app, &resolved, link.as_ref(), begun).await?;
    wait_for_signal(&app).await?;
    drop(callees);
    // Whoever serves may be gone already: then there is nothing to stop.
    let _ = stop.send(());
    if tokio::time::timeout(HTTP_DRAIN_MAX, serving).await.is_err() {
        tracing::info!("requests that were still being answered were cut");
    }
    Ok(ExitCode::SUCCESS)
}

/// The native dialect. With simulated callees, new instances can call them at once.
fn native(app: &Arc<App>, is_set_up: bool, simulated: bool) -> Native {
    let native = Native::new(Arc::clone(app), picture::draw, is_set_up);
    if !simulated {
        return native;
    }
    let app = Arc::clone(app);
    native.welcoming(Box::new(move |tenant| {
        let app = Arc::clone(&app);
        Box::pin(async move { simulated::welcome(&app, tenant).await })
    }))
}

/// What the overview shows of the machine: what `switchboard doctor` finds beside a running server.
fn checks(app: &Arc<App>) -> Checks {
    let app = Arc::clone(app);
    Box::new(move || {
        let app = Arc::clone(&app);
        Box::pin(async move { doctor::findings(&app).await })
    })
}

/// The data folder belongs to nobody else.
fn create_folder(path: &Path) -> anyhow::Result<()> {
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(path)
        .with_context(|| format!("failed to create the data folder {}", path.display()))
}

async fn setup_link(app: &App) -> anyhow::Result<Option<SetupLink>> {
    native::issue_setup_link(app.store(), &app.settings().public_url, app.now())
        .await
        .context("failed to make a set-up link")
}

/// Tells on a terminal; elsewhere writes the link to a file and logs the rest.
async fn tell_where(
    app: &Arc<App>,
    resolved: &Resolved,
    link: Option<&SetupLink>,
    begun: Instant,
) -> anyhow::Result<()> {
    let banner = Banner::of(app, resolved, link, begun.elapsed()).await?;
    let file = app.settings().data.join(LINK_FILE);
    if banner.is_for_people() {
        banner.tell();
        return Ok(());
    }
    if let Some(link) = link {
        write_private(&file, &link.url)
            .with_context(|| format!("failed to write {}", file.display()))?;
    }
    banner.log(link.map(|_| file.as_path()));
    Ok(())
}

fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    fs::write(path, "")?;
    fs::set_permissions(path, fs::Permissions::from_mode(0o600))?;
    fs::write(path, format!("{text}\n"))
}

/// Returns when the centre is drained: after the first signal and the last call, or after a
/// second signal.
async fn wait_for_signal(app: &Arc<App>) -> anyhow::Result<()> {
    let mut terminate = signal(SignalKind::terminate()).context("failed to listen for SIGTERM")?;
    let mut interrupt = signal(SignalKind::interrupt()).context("failed to listen for SIGINT")?;
    either(&mut terminate, &mut interrupt).await;
    let most = app.settings().drain_max;
    tracing::info!(
        seconds = most.as_secs(),
        "draining: no new calls; running ones may finish"
    );
    tokio::select! {
        () = app.drain() => tracing::info!("drained"),
        () = either(&mut terminate, &mut interrupt) => {
            tracing::warn!("second signal: stopping at once; the next start closes what was open");
        }
    }
    Ok(())
}

async fn either(terminate: &mut Signal, interrupt: &mut Signal) {
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
}
