//! `switchboard doctor`: what is wrong with this machine, these settings and these data.
//!
//! Works without the internet and beside a running server; changes nothing. Each finding names
//! what was found, what was expected, and what to do.

mod centre;
mod machine;
mod network;
mod report;

use std::process::ExitCode;

use app::App;

use self::report::Report;
use crate::{
    cli::{DoctorFlags, print},
    config,
};

/// Runs every check and prints the findings.
pub async fn run(flags: Box<DoctorFlags>) -> anyhow::Result<ExitCode> {
    let resolved = config::load(&flags.flags)?;
    let settings = resolved.settings(resolved.listen);
    let mut report = Report::default();
    machine::check(&mut report, &settings);
    network::check_ports(&mut report, &resolved, &settings).await;
    centre::check_speech(&mut report);
    centre::check_storage(&mut report, &settings).await;
    centre::check_data(&mut report, &resolved, &settings).await;
    print(&if flags.json {
        report.json()
    } else {
        report.text()
    });
    Ok(report.exit_code())
}

/// What can be looked at in a running centre at any time: nothing that takes long or writes much.
pub async fn findings(app: &App) -> Vec<api::native::Finding> {
    let mut report = Report::default();
    machine::check_lightly(&mut report, app.settings());
    centre::check_speech(&mut report);
    centre::check_running(&mut report, app).await;
    report.shown()
}
