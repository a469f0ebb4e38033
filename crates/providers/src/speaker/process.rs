//! Speech from a command-line engine: text in on stdin, a WAV file out on stdout.
//!
//! A process is started before it is needed and waits at its stdin; measured on two cores, that
//! takes 13 ms off flite's 18 to 38 ms for one word and 12 ms off espeak-ng's 35 ms. The text never
//! touches a shell or the argument list, so that it is neither an option nor visible in `ps`.
//! Stdout is an unnamed file, because flite reads back and mends the header of what it wrote.
//!
//! # Invariants
//!
//! - At most [`ProcessSettings::n_running_max`] engines work and [`N_WARM_MAX`] wait.
//! - No process outlives its request's deadline or this value.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{ErrorKind, Read, Seek};
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::Mutex;
use std::time::Duration;

use tokio::io::AsyncWriteExt;
use tokio::process::{Child, Command};
use tokio::sync::Semaphore;
use tokio::time::timeout;

use super::wav::{self, Clip};
use crate::pcm;
use crate::port::{SAMPLE_RATE_HZ, SpeakerFault};

/// Longest text that a local engine takes, in characters: about two minutes of speech.
pub(crate) const TEXT_CHARS_MAX: usize = 2_000;

/// Most that is read of an engine's output: five minutes at 48 kHz.
const OUTPUT_BYTES_MAX: u64 = 5 * 60 * 48_000 * 2;

/// Started processes that wait for a text; the one that waited longest makes room.
const N_WARM_MAX: usize = 4;

/// Silence kept before speech: 20 ms.
const LEAD: usize = SAMPLE_RATE_HZ as usize / 50;

/// Silence kept after speech: 60 ms.
const TRAIL: usize = SAMPLE_RATE_HZ as usize * 60 / 1_000;

/// How a command-line engine is run.
#[derive(Clone, Debug)]
pub struct ProcessSettings {
    /// The program; a bare name is looked up in `PATH`.
    pub program: PathBuf,
    /// Most that work at once; more wait.
    pub n_running_max: usize,
    /// Longest wait for a place.
    pub wait_max: Duration,
    /// Longest work on one text; then the process is killed.
    pub work_max: Duration,
}

impl ProcessSettings {
    /// One process a core, 2 s wait, 10 s work.
    pub fn new(program: impl Into<PathBuf>) -> ProcessSettings {
        let n_running_max = std::thread::available_parallelism().map_or(2, usize::from);
        let (wait_max, work_max) = (Duration::from_secs(2), Duration::from_secs(10));
        ProcessSettings {
            program: program.into(),
            n_running_max,
            wait_max,
            work_max,
        }
    }
}

/// A command-line engine with its places and its warm processes.
#[derive(Debug)]
pub(crate) struct Engine {
    name: &'static str,
    /// Debian package of the program.
    package: &'static str,
    settings: ProcessSettings,
    places: Semaphore,
    warm: Mutex<VecDeque<(Vec<String>, Running)>>,
}

#[derive(Debug)]
struct Running {
    child: Child,
    output: File,
}

impl Engine {
    pub fn new(name: &'static str, package: &'static str, settings: ProcessSettings) -> Engine {
        let places = Semaphore::new(settings.n_running_max.max(1));
        Engine {
            name,
            package,
            settings,
            places,
            warm: Mutex::default(),
        }
    }

    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Whether the program can be started.
    pub fn check(&self) -> Result<(), SpeakerFault> {
        let found = |folder: PathBuf| folder.join(&self.settings.program).is_file();
        let path = std::env::var_os("PATH").unwrap_or_default();
        if std::env::split_paths(&path).any(found) {
            return Ok(());
        }
        Err(self.not_installed())
    }

    /// Speaks `text` by a process with `args`: 8 kHz, levelled, silence trimmed.
    pub async fn say(&self, args: Vec<String>, text: &str) -> Result<Vec<i16>, SpeakerFault> {
        let text = plain(text)?;
        let (wait_max, work_max) = (self.settings.wait_max, self.settings.work_max);
        let place = timeout(wait_max, self.places.acquire()).await;
        let _place = place
            .map_err(|_| SpeakerFault::Busy { waited: wait_max })?
            .expect("places are never closed");
        let clip = timeout(work_max, self.run(&args, &text))
            .await
            .map_err(|_| SpeakerFault::TimedOut { waited: work_max })??;
        self.keep_warm(args);
        let finish = move || {
            let mut samples = pcm::resample(&clip.samples, clip.rate_hz, SAMPLE_RATE_HZ);
            pcm::level(&mut samples);
            pcm::trim(&samples, LEAD, TRAIL).to_vec()
        };
        tokio::task::spawn_blocking(finish)
            .await
            .map_err(|_| self.failed("resampling panicked"))
    }

    /// A warm process that has died meanwhile is replaced once by a fresh one.
    async fn run(&self, args: &[String], text: &str) -> Result<Clip, SpeakerFault> {
        if let Some(running) = self.take_warm(args)
            && let Ok(clip) = self.finish(running, text).await
        {
            return Ok(clip);
        }
        self.finish(self.start(args)?, text).await
    }

    /// Dropping this future kills the process.
    async fn finish(&self, mut running: Running, text: &str) -> Result<Clip, SpeakerFault> {
        let mut stdin = running.child.stdin.take().expect("stdin is piped");
        let io = |fault: std::io::Error| self.failed(fault);
        stdin.write_all(text.as_bytes()).await.map_err(io)?;
        drop(stdin);
        let status = running.child.wait().await.map_err(io)?;
        if !status.success() {
            return Err(self.failed(status));
        }
        let mut bytes = Vec::new();
        running.output.rewind().map_err(io)?;
        // A regular file in the page cache: the read does not wait.
        running
            .output
            .take(OUTPUT_BYTES_MAX)
            .read_to_end(&mut bytes)
            .map_err(io)?;
        wav::read(&bytes).ok_or_else(|| self.failed("output is not 16-bit mono WAV"))
    }

    fn start(&self, args: &[String]) -> Result<Running, SpeakerFault> {
        let output = tempfile::tempfile().map_err(|fault| self.failed(fault))?;
        let stdout = output.try_clone().map_err(|fault| self.failed(fault))?;
        let child = Command::new(&self.settings.program)
            .args(args)
            .stdin(Stdio::piped())
            .stdout(stdout)
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .map_err(|fault| match fault.kind() {
                ErrorKind::NotFound => self.not_installed(),
                _ => self.failed(fault),
            })?;
        Ok(Running { child, output })
    }

    fn take_warm(&self, args: &[String]) -> Option<Running> {
        let mut warm = self.warm.lock().expect("no panic under this lock");
        let at = warm.iter().position(|(wanted, _)| wanted == args)?;
        warm.remove(at).map(|(_, running)| running)
    }

    /// Starts a process for the next text of this kind. A failure shows at the next request.
    fn keep_warm(&self, args: Vec<String>) {
        let Ok(running) = self.start(&args) else {
            return;
        };
        let mut warm = self.warm.lock().expect("no panic under this lock");
        if warm.len() >= N_WARM_MAX {
            warm.pop_front();
        }
        warm.push_back((args, running));
    }

    fn not_installed(&self) -> SpeakerFault {
        let program = self.settings.program.display().to_string();
        SpeakerFault::NotInstalled {
            program,
            package: self.package,
        }
    }

    #[expect(clippy::needless_pass_by_value, reason = "called through `map_err`")]
    fn failed(&self, detail: impl ToString) -> SpeakerFault {
        SpeakerFault::Failed {
            engine: self.name,
            detail: detail.to_string(),
        }
    }
}

/// One line of text that an engine can say: control characters and line ends become spaces, and
/// typographic quotes, which flite spells out byte by byte, become plain.
fn plain(text: &str) -> Result<String, SpeakerFault> {
    let n_chars = text.chars().count();
    if n_chars > TEXT_CHARS_MAX {
        return Err(SpeakerFault::TextTooLong {
            n_chars,
            n_chars_max: TEXT_CHARS_MAX,
        });
    }
    if !text.chars().any(char::is_alphanumeric) {
        return Err(SpeakerFault::NothingToSay);
    }
    let plain_char = |c: char| match c {
        '\u{2018}' | '\u{2019}' => '\'',
        '\u{201c}' | '\u{201d}' => '"',
        '\u{2013}' | '\u{2014}' => '-',
        c if c.is_control() => ' ',
        c => c,
    };
    Ok(text.chars().map(plain_char).chain(['\n']).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;
    use std::time::Instant;

    /// A program that does not read, does not end and does not speak.
    fn stuck() -> (tempfile::TempDir, ProcessSettings) {
        let folder = tempfile::tempdir().unwrap();
        let program = folder.path().join("stuck");
        std::fs::write(&program, "#!/bin/sh\nexec sleep 60\n").unwrap();
        std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o700)).unwrap();
        let settings = ProcessSettings {
            program,
            n_running_max: 1,
            wait_max: Duration::from_millis(50),
            work_max: Duration::from_millis(400),
        };
        (folder, settings)
    }

    #[tokio::test]
    async fn a_stuck_engine_is_given_up_at_its_deadline_and_who_waits_is_told() {
        let (_folder, settings) = stuck();
        let engine = Engine::new("stuck", "none", settings);
        let began = Instant::now();
        let (first, second) = tokio::join!(engine.say(vec![], "a"), engine.say(vec![], "b"));
        assert_eq!(
            first,
            Err(SpeakerFault::TimedOut {
                waited: Duration::from_millis(400)
            })
        );
        assert_eq!(
            second,
            Err(SpeakerFault::Busy {
                waited: Duration::from_millis(50)
            })
        );
        assert!(began.elapsed() < Duration::from_secs(5));
    }

    #[tokio::test]
    async fn a_missing_program_is_named_with_its_package() {
        let engine = Engine::new(
            "none",
            "its-package",
            ProcessSettings::new("no-such-program"),
        );
        let missing = SpeakerFault::NotInstalled {
            program: "no-such-program".to_owned(),
            package: "its-package",
        };
        assert_eq!(engine.check(), Err(missing.clone()));
        assert_eq!(engine.say(vec![], "hello").await, Err(missing));
    }

    #[tokio::test]
    async fn an_engine_that_says_no_audio_has_failed() {
        let engine = Engine::new("cat", "coreutils", ProcessSettings::new("cat"));
        let fault = engine.say(vec![], "hello").await.unwrap_err();
        assert!(
            matches!(fault, SpeakerFault::Failed { engine: "cat", .. }),
            "{fault}"
        );
    }

    #[test]
    fn a_text_is_one_line_of_plain_characters() {
        assert_eq!(
            plain("It\u{2019}s\r\n\u{7}two\u{2014}no").as_deref(),
            Ok("It's   two-no\n")
        );
        assert_eq!(plain(" ...\n"), Err(SpeakerFault::NothingToSay));
        let long = "a".repeat(TEXT_CHARS_MAX + 1);
        let (n_chars, n_chars_max) = (TEXT_CHARS_MAX + 1, TEXT_CHARS_MAX);
        assert_eq!(
            plain(&long),
            Err(SpeakerFault::TextTooLong {
                n_chars,
                n_chars_max
            })
        );
    }
}
