//! Follows a call while it runs and shows the conversation as it happens.

use std::time::Duration;

use serde_json::json;

use super::{
    http::Http,
    told::{Latency, Quality, Told, Track, What},
};
use crate::cli;

/// Between looks for new events.
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// The sound is played when the agent has ended this turn: the polite callee thinks before it
/// answers the last question.
const SOUND_AFTER_TURN: usize = 3;

/// Everything that was told of a call.
pub struct Followed {
    /// Its id.
    pub call: String,
    /// Every event, in order.
    pub events: Vec<Told>,
}

impl Followed {
    /// Shows the call until its tracks are ready, and plays `sound` into it.
    pub async fn follow(
        http: &Http,
        call: &str,
        instance: i64,
        sound: i64,
    ) -> anyhow::Result<Self> {
        let mut followed = Self {
            call: call.to_owned(),
            events: Vec::new(),
        };
        let mut sound_is_played = false;
        while !followed.is_complete() {
            for told in followed.news(http).await? {
                let start = followed.events.first().map_or(told.at, |first| first.at);
                for line in lines(&told, start) {
                    cli::print(&line);
                }
                followed.events.push(told);
            }
            if !sound_is_played && followed.agent_turns() == SOUND_AFTER_TURN {
                sound_is_played = true;
                let play = json!({ "SdkAppId": instance, "SessionId": call, "FileId": sound, "PlayTimes": 1 });
                http.tencent("PlaySoundCall", &play).await?;
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
        Ok(followed)
    }

    /// Its tracks, the person's first.
    pub fn tracks(&self) -> Vec<&Track> {
        let mut tracks: Vec<&Track> = self
            .events
            .iter()
            .filter_map(|told| match &told.what {
                What::RecordingReady(track) => Some(track),
                _ => None,
            })
            .collect();
        tracks.sort_by_key(|track| track.track != "user");
        tracks
    }

    fn agent_turns(&self) -> usize {
        self.events
            .iter()
            .filter(|told| matches!(told.what, What::AgentSaid { .. }))
            .count()
    }

    async fn news(&self, http: &Http) -> anyhow::Result<Vec<Told>> {
        let after = self.events.last().map_or(0, |told| told.n);
        let path = format!("/api/v1/calls/{}/events?after={after}&limit=200", self.call);
        let mut page = http.get(&path).await?;
        Ok(serde_json::from_value(page["items"].take())?)
    }

    /// An answered call has two tracks; one that ends without an answer has none.
    fn is_complete(&self) -> bool {
        let has = |wanted: fn(&What) -> bool| self.events.iter().any(|told| wanted(&told.what));
        let ended = has(|what| matches!(what, What::Ended { .. }));
        let answered = has(|what| matches!(what, What::Answered { .. }));
        let failed = has(|what| matches!(what, What::RecordingFailed { .. }));
        ended && (!answered || failed || self.tracks().len() == 2)
    }
}

/// What people see of an event; `start` is the call's beginning, ms since 1970.
fn lines(told: &Told, start: i64) -> Vec<String> {
    let line = |at: i64, who: &str, text: &str| {
        format!("{:>6.1} s  {who:<9}{text}", (at - start) as f64 / 1000.0)
    };
    match &told.what {
        What::Requested {
            caller,
            callee,
            voice_agent_name,
        } => {
            let call = format!("{caller} → {callee}  agent {voice_agent_name}");
            vec![line(told.at, "call", &call)]
        }
        What::Rang { sip_status } => vec![line(told.at, "rings", &format!("SIP {sip_status}"))],
        What::Answered { codec, peer } => {
            vec![line(
                told.at,
                "answered",
                &format!("{codec}, RTP to {peer}"),
            )]
        }
        What::AgentSaid {
            heard,
            unsaid,
            from,
            interrupted,
            ..
        } => {
            let cut = cut_off(*interrupted, unsaid);
            vec![line(*from, "agent", &format!("{heard}{cut}"))]
        }
        What::CallerSaid { text, from, .. } => vec![line(*from, "caller", text)],
        What::DigitsPressed { digits } => vec![line(told.at, "keys", digits)],
        What::ReplyTimed(latency) => vec![line(told.at, "  └", &split(latency))],
        What::SoundStarted { sound, times } => {
            vec![line(
                told.at,
                "sound",
                &format!("{sound} begins, {times} time(s)"),
            )]
        }
        What::SoundEnded { sound, cut } => {
            vec![line(
                told.at,
                "sound",
                &format!("{sound} {}", if *cut { "was cut" } else { "ends" }),
            )]
        }
        What::Ended {
            cause,
            side,
            quality,
        } => {
            let mut lines = vec![line(told.at, "ended", &format!("{cause}, by {side}"))];
            lines.extend(quality.map(|quality| line(told.at, "media", &media(&quality))));
            lines
        }
        What::RecordingReady(track) => {
            vec![line(
                told.at,
                "track",
                &format!("{}, {} bytes", track.track, track.n_bytes),
            )]
        }
        What::RecordingFailed { why } => vec![line(told.at, "track", &format!("failed: {why}"))],
        What::Other => Vec::new(),
    }
}

/// How long a reply took, and why.
fn split(latency: &Latency) -> String {
    let parts: Vec<String> = latency
        .parts()
        .iter()
        .map(|(name, ms)| format!("{name} {ms:.0}"))
        .collect();
    let (turn, total, parts) = (latency.turn, latency.total_ms, parts.join(" + "));
    format!("reply {turn} after {total:.0} ms = {parts}")
}

fn media(quality: &Quality) -> String {
    format!(
        "{} packets received, {} lost, jitter {:.1} ms, MOS {:.1}",
        quality.packets_received, quality.packets_lost, quality.jitter_ms, quality.mos
    )
}

fn cut_off(interrupted: bool, unsaid: &str) -> String {
    match interrupted {
        true => format!(" ✂ (not heard: {unsaid})"),
        false => String::new(),
    }
}
