//! The log: set up once, to stdout, as text for people or as one JSON object a line.

use std::io::IsTerminal;

use tracing_subscriber::{EnvFilter, fmt};

use crate::config::LogFormat;

/// Levels where `RUST_LOG` says nothing. What strangers send is no warning of dimpl's to anybody.
const LEVELS: &str = "info,sqlx=warn,hyper=warn,symphonia=warn,dimpl=error";

/// Begins to log. A second call is without effect.
///
/// A log that cannot be written, as on a full disk, is lost and disturbs nobody: the subscriber
/// would complain on stderr, and panic where that is on the same disk.
pub fn start(format: LogFormat) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(LEVELS));
    let is_json = match format {
        LogFormat::Auto => !std::io::stdout().is_terminal(),
        LogFormat::Text => false,
        LogFormat::Json => true,
    };
    let begun = if is_json {
        let log = fmt().json().log_internal_errors(false);
        log.with_env_filter(filter).try_init()
    } else {
        let log = fmt().log_internal_errors(false);
        log.with_env_filter(filter).try_init()
    };
    if let Err(error) = begun {
        tracing::debug!(error, "log was set up before");
    }
}
