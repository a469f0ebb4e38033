//! One call of the phone: gives [`Behavior`] its inputs and time, and does what it wants.

use std::{
    fs::File,
    io::{self, BufWriter},
    path::{Path, PathBuf},
    sync::Arc,
    time::{Instant, SystemTime},
};

use anyhow::Context as _;
use app::shell::{
    media::{self as media_shell, LegHandle, NewLeg, RecordingFile, RtpSockets},
    sip::{Report, SipHandle},
};
use media::{
    dtmf::Digit,
    g711, leg,
    playout::{Clip, ClipId, PlayMode},
    port::LatchRule,
    recording::{FileHeader, Recording, Track},
};
use model::UnixMs;
use providers::render::Wav;
use sip::{Command, Event, Incoming, LegId};
use tokio::{sync::mpsc, sync::oneshot, task::JoinHandle};

use super::{
    behavior::{Behavior, Input, Output},
    line::Line,
    script::{Script, Step},
    sounds::{self, Sounds},
    start::Shared,
};

/// The clip behind everything; steps have their index.
const BACKGROUND: ClipId = ClipId(u64::MAX);

/// Repetitions of the background: hours of it.
const BACKGROUND_TIMES: u32 = 10_000;

/// A call that has come in.
pub struct Ringing {
    /// Counts calls from 1.
    pub n: u64,
    /// The number that was called.
    pub dialed: String,
    /// The INVITE.
    pub incoming: Box<Incoming>,
    /// What to do.
    pub script: Arc<Script>,
}

/// Refuses a call.
pub async fn refuse(sip: &SipHandle, leg: LegId, status: u16) {
    tell(
        sip,
        Command::Reject {
            leg,
            status,
            reason: None,
            headers: Vec::new(),
        },
    )
    .await;
}

/// Ends a call by whatever its state needs.
pub async fn hang_up(sip: &SipHandle, leg: LegId) {
    tell(sip, Command::HangUp { leg, reason: None }).await;
}

async fn tell(sip: &SipHandle, command: Command) {
    if sip.command(command).await.is_err() {
        tracing::debug!("the phone's SIP task has ended before its call");
    }
}

/// Runs a call to its end.
///
/// # Errors
///
/// Fails when a sound cannot be made, a socket cannot be had, or the caller speaks nothing that
/// the phone speaks. The leg may be up then: hang it up.
pub async fn run(shared: &Arc<Shared>, ringing: Ringing) -> anyhow::Result<()> {
    let leg = ringing.incoming.leg;
    let reports = shared.sip.adopt(leg).await?;
    let (script, speaker) = (Arc::clone(&ringing.script), Arc::clone(&shared.speaker));
    let sounds = tokio::spawn(async move { sounds::make(&script, &*speaker).await });
    let (to_task, heard) = mpsc::channel(media_shell::REPORTS_MAX);
    let call = Call {
        behavior: Behavior::new(Arc::clone(&ringing.script), Instant::now()),
        shared: Arc::clone(shared),
        ringing,
        line: None,
        sockets: None,
        making: Some(sounds),
        sounds: None,
        media: None,
        recorded: None,
        to_task,
        over: false,
    };
    call.run(reports, heard).await
}

struct Call {
    behavior: Behavior,
    shared: Arc<Shared>,
    ringing: Ringing,
    line: Option<Line>,
    sockets: Option<RtpSockets>,
    making: Option<JoinHandle<anyhow::Result<Sounds>>>,
    sounds: Option<Sounds>,
    media: Option<LegHandle>,
    recorded: Option<(PathBuf, oneshot::Receiver<io::Result<()>>)>,
    to_task: mpsc::Sender<media_shell::Report>,
    over: bool,
}

impl Call {
    async fn run(
        mut self,
        mut reports: mpsc::Receiver<Report>,
        mut heard: mpsc::Receiver<media_shell::Report>,
    ) -> anyhow::Result<()> {
        let outcome = self.talk(&mut reports, &mut heard).await;
        if let Some(making) = self.making.take() {
            making.abort();
        }
        if let Some(media) = self.media.take() {
            media.remove().await;
        }
        self.keep_recording().await?;
        outcome
    }

    async fn talk(
        &mut self,
        reports: &mut mpsc::Receiver<Report>,
        heard: &mut mpsc::Receiver<media_shell::Report>,
    ) -> anyhow::Result<()> {
        self.input(Input::Timeout).await?;
        while !self.over {
            let due = self.behavior.poll_timeout().map(|(at, _)| at);
            tokio::select! {
                report = reports.recv() => {
                    self.on_sip(report.context("the SIP task has ended")?).await?;
                }
                Some(report) = heard.recv() => self.on_media(report).await?,
                () = until(due) => self.input(Input::Timeout).await?,
            }
        }
        Ok(())
    }

    async fn input(&mut self, input: Input) -> anyhow::Result<()> {
        self.behavior.handle(input, Instant::now());
        while let Some(output) = self.behavior.poll() {
            self.carry_out(output).await?;
        }
        Ok(())
    }

    async fn carry_out(&mut self, output: Output) -> anyhow::Result<()> {
        let leg = self.ringing.incoming.leg;
        tracing::debug!(call = self.ringing.n, ?output, "simulated callee");
        match output {
            Output::Ring => {
                tell(&self.shared.sip, Command::Ring { leg, sdp: None }).await;
            }
            Output::PickUp => self.pick_up().await?,
            Output::Refuse(status) => refuse(&self.shared.sip, leg, status).await,
            Output::Begin { step_idx } => self.begin(step_idx),
            Output::HangUp => hang_up(&self.shared.sip, leg).await,
        }
        Ok(())
    }

    /// Every sound is ready before the call is answered: nothing is late afterwards.
    async fn pick_up(&mut self) -> anyhow::Result<()> {
        if let Some(making) = self.making.take() {
            self.sounds = Some(making.await.context("a sound could not be made")??);
        }
        let sockets = self.shared.media.bind().context("no RTP port")?;
        let line = Line::answer(self.ringing.incoming.sdp.as_deref(), &sockets)?;
        let sdp = line.sdp.to_bytes();
        (self.sockets, self.line) = (Some(sockets), Some(line));
        let leg = self.ringing.incoming.leg;
        tell(&self.shared.sip, Command::Accept { leg, sdp }).await;
        Ok(())
    }

    async fn on_sip(&mut self, report: Report) -> anyhow::Result<()> {
        let Report::Event(event) = report else {
            return Ok(());
        };
        match event {
            Event::Confirmed { sdp, .. } => {
                let line = self
                    .line
                    .as_mut()
                    .context("a call was confirmed before its answer")?;
                line.confirmed(sdp.as_deref())?;
                self.start_media()?;
                self.input(Input::Up).await
            }
            Event::Reoffered { negotiated, .. } => {
                self.order(leg::Command::Remote {
                    to: negotiated.remote,
                    latch: LatchRule::SdpAddress,
                });
                self.order(leg::Command::Hold(!negotiated.direction.sends()));
                self.order(leg::Command::Expect(negotiated.direction.receives()));
                Ok(())
            }
            Event::Refused { .. } | Event::Canceled { .. } | Event::Ended { .. } => {
                self.over = true;
                Ok(())
            }
            Event::Incoming(_)
            | Event::Progress { .. }
            | Event::Redirected { .. }
            | Event::Answered { .. }
            | Event::OfferRefused { .. }
            | Event::Referred(_)
            | Event::ReferAnswered { .. }
            | Event::ReferTold { .. }
            | Event::UserData { .. }
            | Event::Info { .. }
            | Event::Registering(_)
            | Event::RegisterAnswered { .. }
            | Event::OptionsAnswered { .. } => Ok(()),
        }
    }

    fn start_media(&mut self) -> anyhow::Result<()> {
        let (Some(line), Some(sockets)) = (&self.line, self.sockets.take()) else {
            return Ok(());
        };
        let (codec, settings) = line.leg_settings(self.shared.recorder.is_some())?;
        let recording = self.create_recording(codec)?;
        let reports = self.to_task.clone();
        let new = NewLeg {
            settings,
            sockets,
            reports,
            recording,
        };
        self.media = Some(self.shared.media.add(new)?);
        if let Some(samples) = self
            .sounds
            .as_ref()
            .and_then(|sounds| sounds.background.clone())
        {
            let clip = Clip::whole(BACKGROUND, samples).repeated(BACKGROUND_TIMES);
            self.order(leg::Command::Play {
                clip,
                mode: PlayMode::Over,
            });
        }
        Ok(())
    }

    fn begin(&self, step_idx: usize) {
        if let Step::Press(keys) = &self.ringing.script.steps[step_idx] {
            let digits = keys
                .chars()
                .filter_map(|key| Digit::try_from(key).ok())
                .collect();
            self.order(leg::Command::SendDigits(digits));
            return;
        }
        let sound = self
            .sounds
            .as_ref()
            .and_then(|sounds| sounds.steps[step_idx].clone());
        let clip = Clip::whole(ClipId(step_idx as u64), sound.unwrap_or_default());
        self.order(leg::Command::Play {
            clip,
            mode: PlayMode::Queue,
        });
    }

    async fn on_media(&mut self, report: media_shell::Report) -> anyhow::Result<()> {
        let media_shell::Report::Event(event) = report else {
            return Ok(());
        };
        let input = match event {
            leg::Event::SpeechStarted { at } => Input::SpeechStarted { at },
            leg::Event::SpeechStopped { last_voice, .. } => Input::SpeechStopped { last_voice },
            leg::Event::ClipEnded { id, .. } if id != BACKGROUND => Input::SoundEnded,
            leg::Event::DigitsSent { .. } => Input::SoundEnded,
            leg::Event::RtpTimeout { .. } | leg::Event::HandshakeFailed { .. } => {
                hang_up(&self.shared.sip, self.ringing.incoming.leg).await;
                return Ok(());
            }
            leg::Event::ClipEnded { .. }
            | leg::Event::SpeechLasts { .. }
            | leg::Event::Beep { .. }
            | leg::Event::ClipStarted { .. }
            | leg::Event::FirstPacket { .. }
            | leg::Event::KeyDue { .. }
            | leg::Event::Secured { .. }
            | leg::Event::Digit { .. } => return Ok(()),
        };
        self.input(input).await
    }

    fn order(&self, command: leg::Command) {
        if let Some(media) = &self.media {
            media.command(command);
        }
    }

    fn create_recording(&mut self, codec: g711::Codec) -> anyhow::Result<Option<RecordingFile>> {
        let Some((recorder, folder)) = &self.shared.recorder else {
            return Ok(None);
        };
        let started_at = UnixMs::from(SystemTime::now()).0;
        let name = format!(
            "{started_at}-{:04}-{}",
            self.ringing.n,
            plain(&self.ringing.dialed)
        );
        let path = folder.join(format!("{name}.sbr"));
        let header = FileHeader {
            call_id: format!("phone-{}", self.ringing.n),
            started_at_ms: u64::try_from(started_at).unwrap_or(0),
            codec,
        };
        let (file, written) = recorder
            .create(&path, &header)
            .context("failed to record")?;
        self.recorded = Some((path, written));
        Ok(Some(file))
    }

    /// Makes a WAV of what the phone heard.
    async fn keep_recording(&mut self) -> anyhow::Result<()> {
        let Some((path, written)) = self.recorded.take() else {
            return Ok(());
        };
        written.await.context("the recorder has ended")??;
        tokio::task::spawn_blocking(move || to_wav(&path)).await?
    }
}

fn to_wav(raw: &Path) -> anyhow::Result<()> {
    let bytes = std::fs::read(raw)?;
    let recording = Recording::open(&bytes)?;
    let file = BufWriter::new(File::create(raw.with_extension("wav"))?);
    let mut wav = Wav::new(file, 1)?;
    for (_, frame) in recording.frames(Track::User) {
        wav.write(&frame)?;
    }
    wav.finish()?;
    Ok(std::fs::remove_file(raw)?)
}

/// What a stranger dialed, fit for a file name.
fn plain(dialed: &str) -> String {
    dialed
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .take(20)
        .collect()
}

async fn until(at: Option<Instant>) {
    match at {
        Some(at) => tokio::time::sleep_until(at.into()).await,
        None => std::future::pending().await,
    }
}
