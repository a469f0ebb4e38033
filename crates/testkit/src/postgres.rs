//! A PostgreSQL server for tests: started on demand, gone with the process that started it.
//!
//! It runs from a folder of its own on a free port of loopback, without fsync, as the system user
//! `postgres` if we are root (the server refuses to run as root).
//!
//! # Invariants
//!
//! - The server ends when its [`Postgres`] is dropped or our process ends, however it ends: a
//!   shell between us and it holds the end of a pipe, and when the pipe closes it stops the
//!   server by its process id and removes the folder.

use std::{
    ffi::OsStr,
    fs,
    io::{self, Read as _},
    net::TcpListener,
    os::unix::{fs::chown, process::CommandExt as _},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{
        OnceLock,
        atomic::{AtomicU32, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

/// Set to `off`, this lets tests pass without PostgreSQL where it is not installed.
pub const OPTIONAL: &str = "SWITCHBOARD_TEST_POSTGRES";

/// Longest wait for a new server to answer.
const START_MAX: Duration = Duration::from_secs(60);

/// Attempts to start, as a free port may be taken before the server gets it.
const STARTS_MAX: u32 = 3;

/// `$1` server, `$2` data, `$3` port, `$4` folder. QUIT stops at once; the data is thrown away.
const KEEPER: &str = r#"
"$1" -D "$2" -p "$3" -k "$4" -c listen_addresses=127.0.0.1 -c fsync=off \
    -c full_page_writes=off -c shared_buffers=16MB -c max_connections=200 >"$4/log" 2>&1 &
server=$!
read -r _
kill -QUIT "$server"
wait "$server"
rm -rf "$4"
"#;

/// A running server.
#[derive(Debug)]
pub struct Postgres {
    programs: PathBuf,
    folder: PathBuf,
    port: u16,
    keeper: Child,
    n_databases: AtomicU32,
}

impl Postgres {
    /// The server that the tests of this process share; started by the first that asks.
    ///
    /// `None` if PostgreSQL is not installed and the environment says that this is fine.
    ///
    /// # Panics
    ///
    /// Panics if it is not installed and nobody said so, or does not start.
    pub fn shared() -> Option<&'static Self> {
        static SHARED: OnceLock<Option<Postgres>> = OnceLock::new();
        SHARED
            .get_or_init(|| {
                if programs().is_none() {
                    assert!(
                        std::env::var_os(OPTIONAL).is_some_and(|value| value == "off"),
                        "PostgreSQL is not installed (apt-get install postgresql); \
                         set {OPTIONAL}=off to go without"
                    );
                    eprintln!("PostgreSQL is not installed: its tests are skipped");
                    return None;
                }
                Some(Self::start().expect("PostgreSQL starts"))
            })
            .as_ref()
    }

    /// Starts a server and waits until it answers.
    pub fn start() -> io::Result<Self> {
        let programs = programs().ok_or_else(|| io::Error::other("PostgreSQL is not installed"))?;
        let mut last = io::Error::other("not started");
        for _ in 0..STARTS_MAX {
            match Self::start_once(&programs) {
                Ok(server) => return Ok(server),
                Err(error) => last = error,
            }
        }
        Err(last)
    }

    /// Makes a new empty database and gives its address.
    pub fn new_database(&self) -> io::Result<String> {
        let n = self.n_databases.fetch_add(1, Ordering::Relaxed);
        let name = format!("test_{n}");
        let port = self.port.to_string();
        run(Command::new(self.programs.join("createdb"))
            .args([
                "-h",
                "127.0.0.1",
                "-U",
                "postgres",
                "-p",
                &port,
                "-T",
                "template0",
            ])
            .arg(&name))?;
        Ok(format!("postgres://postgres@127.0.0.1:{port}/{name}"))
    }

    fn start_once(programs: &Path) -> io::Result<Self> {
        static N_FOLDERS: AtomicU32 = AtomicU32::new(0);
        let n = N_FOLDERS.fetch_add(1, Ordering::Relaxed);
        let name = format!("switchboard-postgres-{}-{n}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        fs::create_dir(&folder)?;
        let owner = owner()?;
        if let Some((user, group)) = owner {
            chown(&folder, Some(user), Some(group))?;
        }
        let data = folder.join("data");
        run(as_owner(&programs.join("initdb"), owner, &folder)
            .args([
                "-U",
                "postgres",
                "-A",
                "trust",
                "-E",
                "UTF8",
                "--locale=C",
                "-N",
                "-D",
            ])
            .arg(&data))?;
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let keeper = as_owner(Path::new("sh"), owner, &folder)
            .args(["-c", KEEPER, "sh"])
            .arg(programs.join("postgres"))
            .arg(&data)
            .arg(port.to_string())
            .arg(&folder)
            // Ctrl-C in a terminal is for us; the pipe tells the keeper.
            .process_group(0)
            .stdin(Stdio::piped())
            .spawn()?;
        let server = Self {
            programs: programs.to_owned(),
            folder,
            port,
            keeper,
            n_databases: AtomicU32::new(0),
        };
        server.wait_until_ready()?;
        Ok(server)
    }

    fn wait_until_ready(&self) -> io::Result<()> {
        let begun = Instant::now();
        while begun.elapsed() < START_MAX {
            let mut ready = Command::new(self.programs.join("pg_isready"));
            let port = self.port.to_string();
            ready.args(["-q", "-h", "127.0.0.1", "-p", &port]);
            if ready.status()?.success() {
                return Ok(());
            }
            thread::sleep(Duration::from_millis(50));
        }
        let mut log = String::new();
        fs::File::open(self.folder.join("log"))?
            .take(4096)
            .read_to_string(&mut log)?;
        Err(io::Error::other(format!("server does not answer: {log}")))
    }
}

/// Closes the pipe and waits for the keeper to clear up.
impl Drop for Postgres {
    fn drop(&mut self) {
        drop(self.keeper.stdin.take());
        // The keeper is gone either way; there is nobody to tell.
        let _ = self.keeper.wait();
    }
}

/// The folder of the newest installed version's programs; Debian keeps them out of `PATH`.
fn programs() -> Option<PathBuf> {
    let version = |path: &Path| {
        let name = path.file_name().and_then(OsStr::to_str);
        name.and_then(|name| name.parse::<u32>().ok())
    };
    let debian = fs::read_dir("/usr/lib/postgresql").into_iter().flatten();
    let newest = debian
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.join("bin/postgres").exists())
        .max_by_key(|path| version(path));
    newest.map(|path| path.join("bin")).or_else(|| {
        let path = std::env::var_os("PATH")?;
        std::env::split_paths(&path).find(|folder| folder.join("postgres").exists())
    })
}

/// User and group of `postgres` if we are root; nobody else can run programs as another user.
fn owner() -> io::Result<Option<(u32, u32)>> {
    let ours = fs::metadata("/proc/self")?;
    if std::os::unix::fs::MetadataExt::uid(&ours) != 0 {
        return Ok(None);
    }
    let users = fs::read_to_string("/etc/passwd")?;
    let fields = users
        .lines()
        .map(|line| line.split(':').collect::<Vec<_>>())
        .find(|fields| fields.first() == Some(&"postgres"))
        .ok_or_else(|| io::Error::other("there is no user postgres"))?;
    let id = |n: usize| fields.get(n).and_then(|field| field.parse().ok());
    match (id(2), id(3)) {
        (Some(user), Some(group)) => Ok(Some((user, group))),
        _ => Err(io::Error::other("user postgres has no ids")),
    }
}

fn as_owner(program: &Path, owner: Option<(u32, u32)>, folder: &Path) -> Command {
    let mut command = Command::new(program);
    command.current_dir(folder);
    if let Some((user, group)) = owner {
        command.uid(user).gid(group);
    }
    command
}

fn run(command: &mut Command) -> io::Result<()> {
    let done = command.stdin(Stdio::null()).output()?;
    if done.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&done.stderr).into_owned();
    Err(io::Error::other(format!("{command:?}: {said}")))
}
