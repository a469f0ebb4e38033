//! The loop of one call.

mod sounds;

use std::{
    collections::VecDeque,
    sync::Arc,
    time::{Duration, Instant},
};

use engine::call::{
    Command, Input, LegEvent, MediaEvent, Output, Phase, PlayId, Session, Settings,
};
use media::{
    ambience::Ambience,
    leg,
    playout::{Clip, ClipId, PlayMode},
};
use model::{CallEvent, InstructionOutcome, LegQuality, Refusal};
use providers::port::{Heard, Thought};
use sip::Link;
use tokio::sync::mpsc;

use sounds::LoadedSound;

use super::{
    CallCommand, Holds, Instruct, Start, Told, Way,
    clock::CallClock,
    finish,
    journal::Journal,
    line::{Dial, Line, LineEvent},
    prepare::{Prepared, prepare},
    routing::{self, Verdict},
    voice::{Spoken, Voice},
};
use crate::{
    App,
    agent_document::LegManners,
    shell::{
        media::{LegHandle, NewLeg, REPORTS_MAX, Report},
        targets::links_to,
    },
};

/// Numbers of clips that are sounds begin here; those of the agent's lines lie below.
const FIRST_SOUND: u64 = 1 << 32;

/// The sound behind the agent; no sound by request has such a number.
const AMBIENCE: ClipId = ClipId(u64::MAX);

/// What is heard has been on the wire for the jitter buffer's usual delay: speech that has been
/// heard for so much less than the agent allows has lasted that long.
const BUFFERED: Duration = Duration::from_millis(40);

/// Longest wait for the last clip to say how far it was heard.
const LAST_CLIP_MAX: Duration = Duration::from_millis(200);

/// Runs a call to its end, its recording included.
pub async fn run(app: Arc<App>, start: Start, commands: mpsc::Receiver<CallCommand>) {
    let holds = Task::new(&app, start, commands).await.run().await;
    finish::finish(&app, holds).await;
}

struct Task {
    app: Arc<App>,
    call: model::Call,
    way: Way,
    ring_time_max: Duration,
    leg_manners: LegManners,
    ambience: Option<Arc<[i16]>>,
    session: Session,
    inputs: VecDeque<Input>,
    clock: CallClock,
    journal: Journal,
    line: Option<Line>,
    /// Ways to the present trunk that were not tried yet.
    targets: VecDeque<Link>,
    leg: Option<LegHandle>,
    reports: mpsc::Receiver<Report>,
    to_reports: mpsc::Sender<Report>,
    voice: Voice,
    spoken: mpsc::Receiver<Spoken>,
    heard: Option<mpsc::Receiver<Heard>>,
    thoughts: mpsc::Receiver<Thought>,
    commands: mpsc::Receiver<CallCommand>,
    sounds: mpsc::Receiver<LoadedSound>,
    to_sounds: mpsc::Sender<LoadedSound>,
    recorded: Option<tokio::sync::oneshot::Receiver<std::io::Result<()>>>,
    holds: Holds,
    is_over: bool,
}

impl Task {
    async fn new(app: &Arc<App>, start: Start, commands: mpsc::Receiver<CallCommand>) -> Self {
        let clock = CallClock::read();
        let (to_reports, reports) = mpsc::channel(REPORTS_MAX);
        let (to_sounds, sounds) = mpsc::channel(REPORTS_MAX);
        let Prepared {
            voice,
            spoken,
            heard,
            thoughts,
        } = prepare(app, &start, clock).await;
        let ambience = match start.agent.ambience() {
            Some((place, volume)) => ambience(place, volume).await,
            None => None,
        };
        Self {
            session: Session::new(Settings {
                direction: start.call.direction,
                ring_time_max: start.ring_time_max,
                talk_time_max: start.talk_time_max,
            }),
            journal: Journal::open(Arc::clone(app), start.call.clone()),
            app: Arc::clone(app),
            call: start.call,
            way: start.way,
            ring_time_max: start.ring_time_max,
            leg_manners: start.agent.leg(),
            ambience,
            inputs: VecDeque::from([Input::Begin]),
            clock,
            line: None,
            targets: VecDeque::new(),
            leg: None,
            reports,
            to_reports,
            voice,
            spoken,
            heard,
            thoughts,
            commands,
            sounds,
            to_sounds,
            recorded: None,
            holds: start.holds,
            is_over: false,
        }
    }

    async fn run(mut self) -> finish::Remains {
        loop {
            self.settle().await;
            if self.is_over {
                return finish::Remains {
                    call: self.call.id,
                    journal: self.journal,
                    recorded: self.recorded,
                    _holds: self.holds,
                };
            }
            let wake = [
                self.session.poll_timeout().map(|(at, _)| at),
                self.voice.poll_timeout(),
            ]
            .into_iter()
            .flatten()
            .min();
            tokio::select! {
                event = next_of(&mut self.line) => self.on_line(event).await,
                Some(report) = self.reports.recv() => self.on_report(report),
                Some(spoken) = self.spoken.recv() => {
                    if let Some(leg) = &self.leg {
                        self.voice.spoken(spoken, &self.app, leg);
                    }
                }
                heard = next_heard(&mut self.heard) => self.on_heard(heard),
                Some(thought) = self.thoughts.recv() => {
                    if let Some(leg) = &self.leg {
                        self.voice.thought(thought, &self.app, leg);
                    }
                }
                Some(sound) = self.sounds.recv() => self.on_sound(sound),
                Some(command) = self.commands.recv() => {
                    self.on_command(command);
                }
                () = until(wake) => self.on_time(),
            }
        }
    }

    fn on_command(&mut self, command: CallCommand) {
        // Whoever asked may have given up.
        match command {
            CallCommand::Call { command, answer } => {
                let _ = answer.send(self.session.command(&command, Instant::now()));
            }
            CallCommand::Agent(Instruct { told, answer }) => {
                let _ = answer.send(self.instruct(told));
            }
        }
    }

    fn instruct(&mut self, told: Told) -> Result<InstructionOutcome, Refusal> {
        self.session.command(&Command::Instruct, Instant::now())?;
        let leg = self.leg.as_ref().ok_or(Refusal::CallNotControllable {
            state: "without media",
        })?;
        Ok(self.voice.told(told, &self.app, leg))
    }

    /// Hands the session its inputs and does everything it wants, until nothing is left.
    async fn settle(&mut self) {
        loop {
            while let Some(event) = self.voice.poll() {
                self.inputs.push_back(Input::Voice(event));
            }
            while let Some(output) = self.session.poll() {
                self.carry_out(output).await;
            }
            match self.inputs.pop_front() {
                Some(input) => self.session.handle(input, Instant::now()),
                None => return,
            }
        }
    }

    async fn carry_out(&mut self, output: Output) {
        match output {
            Output::Dial => self.dial().await,
            Output::Answer => self.answer().await,
            Output::StartMedia => self.start_media(),
            Output::StartVoice => {
                self.play_ambience();
                if let Some(leg) = &self.leg {
                    self.voice.start(&self.app, leg);
                }
            }
            Output::PauseVoice => self.pause_voice(true),
            Output::ResumeVoice => self.pause_voice(false),
            Output::Play {
                play,
                sound,
                times,
                over,
            } => self.load_sound(play, sound, times, over),
            Output::CutSound(play) => self.order(leg::Command::Cut {
                id: sound_clip(play),
            }),
            Output::HangUpLeg { cause } => {
                if let Some(line) = &self.line {
                    line.hang_up(&self.app, cause).await;
                }
            }
            Output::StopMedia => self.stop_media().await,
            Output::Record { event, at } => self.record(event, at).await,
            Output::Close => self.is_over = true,
        }
    }

    /// Dials, by another trunk if the first has no address.
    async fn dial(&mut self) {
        let why = loop {
            let Way::Out(outbound) = &mut self.way else {
                unreachable!("only outbound calls dial")
            };
            let (trunk, line) = (&outbound.trunk, &outbound.line);
            if self.targets.is_empty() {
                match links_to(&self.app, &trunk.settings).await {
                    Ok(found) => self.targets.extend(found),
                    Err(why) => {
                        let why = format!("{why:#}");
                        self.app.trunk_health().note_call(trunk.id, false);
                        if self.reroute(&why).await {
                            continue;
                        }
                        break why;
                    }
                }
            }
            let link = self.targets.pop_front().expect("a host has an address");
            let callee = &self.call.callee;
            let dial = Dial {
                trunk,
                link,
                callee: line.dialed(callee, trunk.settings.dialed(callee)),
                caller: line.shown(&outbound.caller),
                user_data: self.call.user_data.as_deref(),
                ring_time_max: self.ring_time_max,
            };
            match Line::dial(&self.app, dial).await {
                Ok(line) => {
                    self.line = Some(line);
                    return;
                }
                Err(why) => break format!("{why:#}"),
            }
        };
        self.inputs.push_back(Input::Leg(LegEvent::Failed { why }));
    }

    /// Whether there is another way, which is to be dialled now.
    async fn reroute(&mut self, why: &str) -> bool {
        let Way::Out(outbound) = &mut self.way else {
            return false;
        };
        let Some(channel) = self.app.reroute(outbound).await else {
            return false;
        };
        let rerouted = LegEvent::Rerouted {
            trunk: outbound.trunk.id,
            caller: outbound.caller.clone(),
            why: why.to_owned(),
        };
        self.holds.channel = Some(channel);
        self.targets.clear();
        self.inputs.push_back(Input::Leg(rerouted));
        true
    }

    async fn answer(&mut self) {
        let Way::In(incoming, terms) = &self.way else {
            unreachable!("only inbound calls answer")
        };
        match Line::answer(&self.app, incoming, terms).await {
            Ok(line) => self.line = Some(line),
            Err(why) => {
                self.app.refuse_incoming(incoming.leg, 488).await;
                let failed = LegEvent::Failed {
                    why: format!("{why:#}"),
                };
                self.inputs.push_back(Input::Leg(failed));
            }
        }
    }

    fn start_media(&mut self) {
        if let Err(why) = self.try_start_media() {
            tracing::error!(%why, "failed to start media");
            self.inputs.push_back(Input::Media(MediaEvent::Failed));
        }
    }

    fn try_start_media(&mut self) -> anyhow::Result<()> {
        let line = self
            .line
            .as_mut()
            .ok_or_else(|| anyhow::anyhow!("no leg"))?;
        let mut settings = line
            .leg_settings(self.call.id.as_str())
            .ok_or_else(|| anyhow::anyhow!("a codec was agreed on that media lacks"))?;
        settings.vad.far_field = self.leg_manners.far_field;
        settings.vad.lasting = self.leg_manners.barge_in_min.saturating_sub(BUFFERED);
        settings.beeps = self.leg_manners.beeps;
        let sockets = line
            .sockets
            .take()
            .ok_or_else(|| anyhow::anyhow!("no RTP sockets"))?;
        let recording =
            match finish::create(&self.app, &self.call.id, settings.port.codec.of_tracks()) {
                Ok((file, recorded)) => {
                    self.recorded = Some(recorded);
                    Some(file)
                }
                Err(error) => {
                    // The call goes on: a person on the line is worth more than a recording.
                    tracing::error!(%error, "a call is not recorded");
                    None
                }
            };
        let reports = self.to_reports.clone();
        self.leg = Some(self.app.media().add(NewLeg {
            settings,
            sockets,
            reports,
            recording,
        })?);
        Ok(())
    }

    fn play_ambience(&self) {
        if let Some(samples) = &self.ambience {
            let clip = Clip::whole(AMBIENCE, Arc::clone(samples)).repeated(u32::MAX);
            let mode = PlayMode::Over;
            self.order(leg::Command::Play { clip, mode });
        }
    }

    fn pause_voice(&mut self, paused: bool) {
        if let Some(leg) = &self.leg {
            self.voice.pause(paused, &self.app, leg);
        }
    }

    fn order(&self, command: leg::Command) {
        if let Some(leg) = &self.leg {
            leg.command(command);
        }
    }

    /// Lets the clip that plays say how far it was heard, then ends conversation and media.
    async fn stop_media(&mut self) {
        let Some(leg) = self.leg.take() else {
            self.voice.stop(&self.app);
            self.inputs
                .push_back(Input::Media(MediaEvent::Stopped { quality: None }));
            return;
        };
        leg.command(leg::Command::CutAll);
        let deadline = tokio::time::Instant::now() + LAST_CLIP_MAX;
        while self.voice.is_playing() {
            match tokio::time::timeout_at(deadline, self.reports.recv()).await {
                Ok(Some(Report::Event(event))) => self.voice.leg_event(event, &self.app, &leg),
                Ok(Some(Report::Sound(_))) => {}
                Ok(Some(Report::Failed) | None) | Err(_) => break,
            }
        }
        self.voice.stop(&self.app);
        while let Some(event) = self.voice.poll() {
            self.inputs.push_back(Input::Voice(event));
        }
        let quality = leg.remove().await.map(|stats| quality(&stats));
        self.inputs
            .push_back(Input::Media(MediaEvent::Stopped { quality }));
    }

    async fn record(&mut self, event: CallEvent, at: Instant) {
        // With a recording to come, the call's record is pushed when that is ready.
        let completes_cdr = matches!(event, CallEvent::Ended { .. }) && self.recorded.is_none();
        self.journal
            .record(self.clock.wall(at), event, completes_cdr)
            .await;
    }

    async fn on_line(&mut self, event: LineEvent) {
        match event {
            LineEvent::Leg(event) => {
                if let Some(event) = self.past_the_trunk(event).await {
                    self.inputs.push_back(Input::Leg(event));
                }
            }
            LineEvent::Digit(key) => {
                if let Some(leg) = &self.leg {
                    self.voice.digit(key, &self.app, leg);
                }
            }
            LineEvent::Moved {
                remote,
                stream,
                held,
                keys,
            } => {
                self.order(leg::Command::Remote(remote));
                self.order(leg::Command::Secure(keys));
                if let Some(stream) = stream {
                    self.order(leg::Command::Follow(stream));
                }
                self.order(leg::Command::Hold(held));
            }
            LineEvent::Referred(referring) => refuse_transfer(&self.app, &referring).await,
        }
    }

    /// What the leg says, unless it says that the trunk failed before anything rang, and there is
    /// another way: that is dialled then.
    async fn past_the_trunk(&mut self, event: LegEvent) -> Option<LegEvent> {
        let Way::Out(outbound) = &self.way else {
            return Some(event);
        };
        let trunk = outbound.trunk.id;
        let why = match routing::verdict(&event) {
            Verdict::Unsaid => return Some(event),
            Verdict::Went => {
                self.app.trunk_health().note_call(trunk, true);
                return Some(event);
            }
            Verdict::TrunkFailed(why) => why,
        };
        // What was answered and is no use to us did not fail by the trunk.
        if !self.line.as_ref().is_some_and(Line::is_over) {
            return Some(event);
        }
        let is_dialing = self.session.phase() == Phase::Dialing;
        // RFC 3263 section 4.3: the next target of the same trunk first.
        if !is_dialing || self.targets.is_empty() {
            self.app.trunk_health().note_call(trunk, false);
            if !is_dialing || !self.reroute(&why).await {
                return Some(event);
            }
        }
        self.dial().await;
        None
    }

    fn on_report(&mut self, report: Report) {
        let Some(leg) = &self.leg else { return };
        // Before the answer the carrier is heard and recorded, and nobody listens.
        let is_answered = match self.session.phase() {
            Phase::New | Phase::Dialing | Phase::Ringing | Phase::Canceling => false,
            Phase::Up | Phase::HangingUp | Phase::Settling | Phase::Ended => true,
        };
        let event = match report {
            Report::Sound(frames) => {
                if is_answered {
                    self.voice.sound(&frames);
                }
                return;
            }
            Report::Failed => {
                self.inputs.push_back(Input::Media(MediaEvent::Failed));
                return;
            }
            Report::Event(event) => event,
        };
        match event {
            leg::Event::FirstPacket { .. } => {
                self.inputs.push_back(Input::Media(MediaEvent::FirstPacket));
            }
            leg::Event::RtpTimeout { .. } => {
                self.inputs.push_back(Input::Leg(LegEvent::MediaTimeout));
            }
            leg::Event::ClipStarted { id, .. } => {
                if let Some(play) = play_of(id) {
                    self.inputs
                        .push_back(Input::Media(MediaEvent::SoundStarted(play)));
                }
            }
            leg::Event::ClipEnded { id, cut, .. } => {
                if let Some(play) = play_of(id) {
                    self.inputs
                        .push_back(Input::Media(MediaEvent::SoundEnded { play, cut }));
                }
            }
            leg::Event::SpeechStarted { .. }
            | leg::Event::SpeechStopped { .. }
            | leg::Event::SpeechLasts { .. }
            | leg::Event::Beep { .. }
            | leg::Event::Digit { .. }
            | leg::Event::DigitsSent { .. } => {}
        }
        if is_answered {
            self.voice.leg_event(event, &self.app, leg);
        }
    }

    fn on_heard(&mut self, heard: Option<Heard>) {
        match (heard, &self.leg) {
            (Some(heard), Some(leg)) => self.voice.heard(heard, &self.app, leg),
            (Some(_), None) => {}
            (None, _) => self.heard = None,
        }
    }

    fn on_time(&mut self) {
        let now = Instant::now();
        if self.session.poll_timeout().is_some_and(|(at, _)| at <= now) {
            self.inputs.push_back(Input::Timeout);
        }
        if let Some(leg) = &self.leg {
            self.voice.timeout(&self.app, leg);
        }
    }
}

/// Makes what sounds behind the agent; it takes some milliseconds.
async fn ambience(place: Ambience, volume: f32) -> Option<Arc<[i16]>> {
    let made = tokio::task::spawn_blocking(move || place.samples(volume)).await;
    made.ok().map(Arc::from)
}

/// Nobody is called because a peer says so: a voice agent's call has nobody else to give away.
async fn refuse_transfer(app: &App, referring: &sip::Referring) {
    let decline = sip::Command::AnswerRefer {
        request: referring.request,
        status: 603,
    };
    if app.sip().command(decline).await.is_err() {
        tracing::error!("the SIP task has ended before the call");
    }
}

fn quality(stats: &media::port::Stats) -> LegQuality {
    LegQuality {
        packets_sent: stats.packets_sent,
        packets_received: stats.packets_received,
        packets_lost: stats.lost,
        packets_late: stats.late,
        jitter_ms: f64::from(stats.jitter_ms),
        rtt_ms: stats.rtt.map_or(0.0, |rtt| rtt.as_secs_f64() * 1000.0),
        mos: f64::from(stats.mos),
    }
}

fn sound_clip(play: PlayId) -> ClipId {
    ClipId(FIRST_SOUND + u64::from(play.0))
}

fn play_of(clip: ClipId) -> Option<PlayId> {
    let play = clip.0.checked_sub(FIRST_SOUND)?;
    u32::try_from(play).ok().map(PlayId)
}

async fn next_of(line: &mut Option<Line>) -> LineEvent {
    match line {
        Some(line) => line.next().await,
        None => std::future::pending().await,
    }
}

async fn next_heard(heard: &mut Option<mpsc::Receiver<Heard>>) -> Option<Heard> {
    match heard {
        Some(heard) => heard.recv().await,
        None => std::future::pending().await,
    }
}

async fn until(at: Option<Instant>) {
    match at {
        Some(at) => tokio::time::sleep_until(at.into()).await,
        None => std::future::pending().await,
    }
}
