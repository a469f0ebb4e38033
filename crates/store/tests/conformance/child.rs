//! Running one story in a process of its own, so that it can die.

use std::process::{Command, Stdio};

use store::Database;

/// Tells the child which database to open.
const DATABASE: &str = "SWITCHBOARD_TEST_CHILD_DATABASE";

/// This test binary once more, running only `test`.
pub fn running(test: &str, database: &Database) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    prepare(&mut command, test, database);
    command
}

/// The same with files that cannot grow beyond 2 MB: writes fail as on a full disk.
pub fn within_2_mb(test: &str, database: &Database) -> Command {
    let mut command = Command::new("sh");
    command
        .args(["-c", "trap '' XFSZ; ulimit -f 4096; exec \"$0\" \"$@\""])
        .arg(std::env::current_exe().unwrap());
    prepare(&mut command, test, database);
    command
}

/// The database to open, if we are such a child.
pub fn database() -> Option<Database> {
    let address = std::env::var(DATABASE).ok()?;
    Some(address.parse().unwrap())
}

fn prepare(command: &mut Command, test: &str, database: &Database) {
    let address = match database {
        Database::Sqlite { path } => path.display().to_string(),
        Database::Postgres { url } => url.clone(),
    };
    command
        .args(["--exact", test, "--nocapture"])
        .env(DATABASE, address)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
}
