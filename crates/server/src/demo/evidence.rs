//! What a call left behind: records, tracks, pushes and picture, fetched and shown.

use std::{
    fs,
    path::{Path, PathBuf},
    time::SystemTime,
};

use anyhow::Context as _;
use model::UnixMs;
use serde_json::{Value, json};

use super::{
    follow::Followed,
    http::Http,
    receiver::Push,
    told::{Track, What},
};
use crate::{
    cli,
    picture::terminal::{self, Drawing},
};

/// Columns of the drawing.
const COLUMNS: usize = 100;

/// Everything that a call left behind.
pub struct Evidence {
    /// Its id.
    pub call: String,
    /// Its owner.
    pub instance: i64,
    /// Its events.
    pub followed: Followed,
    /// The answer of `DescribeTelCdr`.
    pub cdr: Value,
    /// Its tracks, the person's first.
    pub tracks: Vec<Fetched>,
    /// What the receiver got.
    pub pushes: Vec<Push>,
    /// The picture.
    pub svg: String,
    /// Where the picture is.
    pub svg_path: PathBuf,
}

/// A track that was fetched.
pub struct Fetched {
    /// What the server says of it.
    pub told: Track,
    /// Where it is now.
    pub path: PathBuf,
    /// Bytes that came.
    pub n_bytes: usize,
    /// Its sound, 8 kHz.
    pub samples: Vec<i16>,
}

impl Evidence {
    /// Fetches everything into `folder`.
    pub async fn collect(
        http: &Http,
        instance: i64,
        followed: Followed,
        pushes: Vec<Push>,
        folder: PathBuf,
    ) -> anyhow::Result<Self> {
        let now = UnixMs::from(SystemTime::now()).seconds();
        let asked = json!({
            "SdkAppId": instance,
            "StartTimeStamp": now - 3600,
            "EndTimeStamp": now + 60,
            "PageSize": 10,
            "PageNumber": 0,
            "SessionIds": [followed.call],
        });
        let cdr = http.tencent("DescribeTelCdr", &asked).await?;
        keep(
            &folder,
            "cdr.json",
            serde_json::to_string_pretty(&cdr)?.as_bytes(),
        )?;
        let mut tracks = Vec::new();
        for told in followed.tracks() {
            tracks.push(Fetched::fetch(http, told, &folder).await?);
        }
        for (n, push) in pushes.iter().enumerate() {
            keep(
                &folder,
                &format!("push-{}-{}.json", n + 1, push.action),
                push.body.as_bytes(),
            )?;
        }
        let drawn = http
            .bytes(&format!("/api/v1/calls/{}/picture.svg", followed.call))
            .await?;
        let svg_path = keep(&folder, "picture.svg", &drawn)?;
        Ok(Self {
            call: followed.call.clone(),
            instance,
            followed,
            cdr,
            tracks,
            pushes,
            svg: String::from_utf8(drawn).context("picture is not UTF-8")?,
            svg_path,
        })
    }

    /// Prints it.
    pub fn show(&self) {
        let record = self.record();
        cli::print("\ncall record (DescribeTelCdr)");
        cli::print(&serde_json::to_string_pretty(record).unwrap_or_default());
        cli::print("\ntracks");
        for track in &self.tracks {
            cli::print(&format!(
                "  {:<6} {}  {:.2} s  {} bytes",
                track.told.track,
                track.path.display(),
                track.told.duration_ms as f64 / 1000.0,
                track.n_bytes
            ));
        }
        cli::print("\npushes received");
        for push in &self.pushes {
            cli::print(&format!(
                "  action={:<7} {}  {} bytes",
                push.action,
                push.uuid,
                push.body.len()
            ));
        }
        cli::print(&format!("\npicture  {}\n", self.svg_path.display()));
        cli::print(&terminal::draw(&self.drawing(), COLUMNS));
    }

    /// The call's record in the answer.
    pub fn record(&self) -> &Value {
        &self.cdr["TelCdrList"][0]
    }

    /// What the terminal shows: times from the first sample of the tracks.
    fn drawing(&self) -> Drawing {
        let origin = self.tracks.first().map_or(0, |track| track.told.started_at);
        let levels = |whose: &str| {
            let track = self.tracks.iter().find(|track| track.told.track == whose);
            track
                .map(|track| terminal::levels(&track.samples))
                .unwrap_or_default()
        };
        let mut drawing = Drawing {
            caller: levels("user"),
            agent: levels("agent"),
            ..Drawing::default()
        };
        for told in &self.followed.events {
            match &told.what {
                What::ReplyTimed(latency) => {
                    let (to, total) = (told.at - origin, latency.total_ms.round());
                    drawing.replies.push((to - total as i64, to, total as u64));
                }
                What::AgentSaid {
                    to,
                    interrupted: true,
                    ..
                } => drawing.cuts_ms.push(to - origin),
                _ => {}
            }
        }
        drawing
    }
}

impl Fetched {
    async fn fetch(http: &Http, told: &Track, folder: &Path) -> anyhow::Result<Self> {
        let bytes = http.bytes(&told.url).await?;
        let name = if told.track == "user" {
            "caller.mp3"
        } else {
            "agent.mp3"
        };
        let path = keep(folder, name, &bytes)?;
        let n_bytes = bytes.len();
        let samples = providers::sound::decode(bytes)
            .await
            .context("a track is no sound")?;
        Ok(Self {
            told: told.clone(),
            path,
            n_bytes,
            samples,
        })
    }

    /// Its length by its sound, ms.
    pub fn len_ms(&self) -> i64 {
        self.samples.len() as i64 * 1000 / i64::from(media::SAMPLE_RATE_HZ)
    }
}

fn keep(folder: &Path, name: &str, bytes: &[u8]) -> anyhow::Result<PathBuf> {
    let path = folder.join(name);
    fs::write(&path, bytes).with_context(|| format!("failed to write {}", path.display()))?;
    Ok(path)
}
