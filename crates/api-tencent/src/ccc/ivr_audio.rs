//! Sounds: `UploadIvrAudio` and `DescribeIvrAudioList`.

use api::kernel::{Action, Entry, Reached};
use futures::StreamExt as _;
use model::{Sound, SoundId, Tenant, UnixMs};
use serde::{Deserialize, Serialize};
use store::SoundFilter;

use super::{Ccc, Context, code::DB_ERROR};
use crate::{fault::Fault, paging};

pub(super) static ACTIONS: &[Entry<Ccc>] = &[
    Entry::of::<UploadIvrAudio>(),
    Entry::of::<DescribeIvrAudioList>(),
];

/// Most files that an instance may upload in a day of its time zone.
const FILES_PER_DAY: i64 = 50;
/// Files of one request that are fetched at the same time.
const FETCHES_AT_ONCE: usize = 8;
/// Longest name, characters.
const NAME_MAX: usize = 128;
/// Longest address, bytes.
const URL_MAX: usize = 2_048;
/// Largest page of the list.
const PAGE_MAX: u32 = 50;
/// Most values of one filter.
const FILTER_MAX: usize = 100;
/// `Status` of a sound that may be played: there is no review to wait for.
const APPROVED: i64 = 1;

/// Fetches sounds from their addresses. A file that cannot be taken is
/// listed with the reason; the others are kept.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct UploadIvrAudio {
    audio_list: Vec<UploadAudioInfo>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct UploadAudioInfo {
    custom_file_name: String,
    audio_url: String,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct UploadIvrAudioResponse {
    failed_file_list: Vec<FailedFile>,
    success_file_list: Vec<AudioFileInfo>,
}

/// The vendor's `UploadIvrAudioFailedInfo`.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct FailedFile {
    file_name: String,
    failed_msg: String,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct AudioFileInfo {
    file_id: i64,
    custom_file_name: String,
    audio_file_name: String,
    status: i64,
}

impl Action for UploadIvrAudio {
    type Dialect = Ccc;
    type Response = UploadIvrAudioResponse;
    const NAME: &'static str = "UploadIvrAudio";
    const REFUSALS: &'static [Reached] = &[
        Reached {
            code: "FailedOperation.UploadFileOverflow",
            when: "with these files the instance would have uploaded more than 50 today; none is taken",
        },
        Reached {
            code: "InvalidParameterValue",
            when: "`AudioList` is empty, a name is not 1 to 128 characters, or an address is not http or https",
        },
        Reached {
            code: DB_ERROR,
            when: "the database does not answer",
        },
    ];

    async fn run(self, context: Context) -> Result<Self::Response, Fault> {
        self.check()?;
        self.check_day(&context).await?;
        let tenant = context.tenant.id;
        let app = &context.app;
        let fetched: Vec<_> = futures::stream::iter(self.audio_list)
            .map(async |file: UploadAudioInfo| {
                let sound = app
                    .fetch_sound(tenant, &file.custom_file_name, &file.audio_url)
                    .await;
                (file_name(&file.audio_url), sound)
            })
            .buffered(FETCHES_AT_ONCE)
            .collect()
            .await;
        UploadIvrAudioResponse::of(fetched)
    }
}

impl UploadIvrAudioResponse {
    /// Sorts files into taken and failed. Sounds that were taken must be told of, so a failure of
    /// ours is an answer of its own only if there are none.
    fn of(fetched: Vec<(String, Result<Sound, app::Fault>)>) -> Result<Self, Fault> {
        let mut response = Self {
            failed_file_list: Vec::new(),
            success_file_list: Vec::new(),
        };
        let mut broken = None;
        for (file_name, result) in fetched {
            let failed_msg = match result {
                Ok(sound) => {
                    response.success_file_list.push(AudioFileInfo::from(sound));
                    continue;
                }
                Err(app::Fault::Refused(refusal)) => refusal.to_string(),
                Err(fault) => {
                    let fault = Fault::from(fault);
                    broken.get_or_insert(fault.clone()).to_string()
                }
            };
            response.failed_file_list.push(FailedFile {
                file_name,
                failed_msg,
            });
        }
        match broken {
            Some(fault) if response.success_file_list.is_empty() => Err(fault),
            Some(_) | None => Ok(response),
        }
    }
}

impl UploadIvrAudio {
    fn check(&self) -> Result<(), Fault> {
        if self.audio_list.is_empty() {
            return Err(Fault::wrong_value("AudioList", "it is empty"));
        }
        for (idx, file) in self.audio_list.iter().enumerate() {
            if !(1..=NAME_MAX).contains(&file.custom_file_name.chars().count()) {
                return Err(Fault::wrong_value(
                    &format!("AudioList.{idx}.CustomFileName"),
                    "it is 1 to 128 characters long",
                ));
            }
            let url = &file.audio_url;
            let scheme_good = url.starts_with("http://") || url.starts_with("https://");
            if !scheme_good || url.len() > URL_MAX {
                return Err(Fault::wrong_value(
                    &format!("AudioList.{idx}.AudioUrl"),
                    "it is an http or https address of at most 2048 bytes",
                ));
            }
        }
        Ok(())
    }

    /// Files of requests that run at the same time are not seen by each other's count.
    async fn check_day(&self, context: &Context) -> Result<(), Fault> {
        let midnight = day_start(context.app.now(), &context.tenant);
        let before = context
            .app
            .store()
            .n_sounds_since(context.tenant.id, midnight)
            .await?;
        let asked = i64::try_from(self.audio_list.len()).unwrap_or(i64::MAX);
        if before.saturating_add(asked) > FILES_PER_DAY {
            return Err(Fault::new(
                "FailedOperation.UploadFileOverflow",
                format!("Too many files: {before} of {FILES_PER_DAY} were uploaded today."),
                format!("上传文件数量超限：今日已上传 {before} 个，上限 {FILES_PER_DAY} 个。"),
            ));
        }
        Ok(())
    }
}

/// The midnight in the tenant's time zone that came last; UTC where the zone is unknown here.
fn day_start(now: UnixMs, tenant: &Tenant) -> UnixMs {
    let zone = jiff::tz::TimeZone::get(&tenant.time_zone).unwrap_or(jiff::tz::TimeZone::UTC);
    jiff::Timestamp::from_millisecond(now.0)
        .ok()
        .and_then(|now| now.to_zoned(zone).start_of_day().ok())
        .map_or(now, |midnight| {
            UnixMs(midnight.timestamp().as_millisecond())
        })
}

/// The last part of an address's path, as the vendor names files.
fn file_name(url: &str) -> String {
    let path = url.split(['?', '#']).next().unwrap_or(url);
    path.rsplit('/').next().unwrap_or(path).to_owned()
}

/// The instance's sounds by id.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct DescribeIvrAudioList {
    page_size: i64,
    page_number: i64,
    #[serde(default)]
    custom_file_name: Vec<String>,
    #[serde(default)]
    audio_file_name: Vec<String>,
    #[serde(default)]
    file_id: Vec<i64>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct DescribeIvrAudioListResponse {
    total_count: i64,
    file_info: Vec<AudioFileInfo>,
}

impl Action for DescribeIvrAudioList {
    type Dialect = Ccc;
    type Response = DescribeIvrAudioListResponse;
    const NAME: &'static str = "DescribeIvrAudioList";
    const REFUSALS: &'static [Reached] = &[
        Reached {
            code: "InvalidParameterValue",
            when: "`PageSize` is not 1 to 50, `PageNumber` is below 0, or a filter has more than 100 values",
        },
        Reached {
            code: DB_ERROR,
            when: "the database does not answer",
        },
    ];

    async fn run(self, context: Context) -> Result<Self::Response, Fault> {
        let paging = paging::parse(self.page_size, self.page_number, PAGE_MAX)?;
        let filter = self.filter()?;
        let page = context
            .app
            .store()
            .sounds(context.tenant.id, &filter, paging)
            .await?;
        Ok(DescribeIvrAudioListResponse {
            total_count: page.total,
            file_info: page.items.into_iter().map(AudioFileInfo::from).collect(),
        })
    }
}

impl DescribeIvrAudioList {
    fn filter(self) -> Result<SoundFilter, Fault> {
        for (name, count) in [
            ("CustomFileName", self.custom_file_name.len()),
            ("AudioFileName", self.audio_file_name.len()),
            ("FileId", self.file_id.len()),
        ] {
            if count > FILTER_MAX {
                return Err(Fault::wrong_value(name, "it holds at most 100 values"));
            }
        }
        Ok(SoundFilter {
            ids: self.file_id.into_iter().map(SoundId).collect(),
            names: self.custom_file_name,
            file_names: self.audio_file_name,
        })
    }
}

impl From<Sound> for AudioFileInfo {
    fn from(sound: Sound) -> Self {
        Self {
            file_id: sound.id.0,
            custom_file_name: sound.settings.name,
            audio_file_name: sound.settings.file_name,
            status: APPROVED,
        }
    }
}

#[cfg(test)]
mod tests {
    use model::{Refusal, SoundDraft, TenantId};
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn the_day_begins_at_midnight_where_the_tenant_is() {
        // 2026-11-21T01:00:00Z is 09:00 in Shanghai and still the 20th in New York.
        let now = UnixMs(1_795_222_800_000);
        for (zone, hours_since) in [
            ("Asia/Shanghai", 9),
            ("America/New_York", 20),
            ("Nowhere/X", 1),
        ] {
            let since = now.since(day_start(now, &tenant(zone)));
            assert_eq!(since.as_secs(), hours_since * 3600, "{zone}");
        }
    }

    #[test]
    fn wrong_files_are_named() {
        for (list, named) in [
            (json!([]), "`AudioList`"),
            (
                json!([file("", "http://a/b.mp3")]),
                "`AudioList.0.CustomFileName`",
            ),
            (
                json!([file("a", "http://a/b.mp3"), file("b", "file:///etc/passwd")]),
                "`AudioList.1.AudioUrl`",
            ),
            (
                json!([file("a", "ftp://a/b.mp3")]),
                "`AudioList.0.AudioUrl`",
            ),
        ] {
            let action: UploadIvrAudio =
                serde_json::from_value(json!({ "AudioList": list })).unwrap();
            let fault = action.check().unwrap_err();
            assert!(fault.to_string().contains(named), "{fault}");
        }
    }

    #[test]
    fn files_that_fail_are_listed_with_the_reason_beside_those_that_are_taken() {
        let refusal = Refusal::Invalid {
            field: "file",
            why: "is larger than 5 MB".to_owned(),
        };
        let response = UploadIvrAudioResponse::of(vec![
            ("big.mp3".to_owned(), Err(app::Fault::Refused(refusal))),
            ("good.mp3".to_owned(), Ok(sound())),
        ]);
        assert_eq!(
            serde_json::to_value(response.unwrap()).unwrap(),
            json!({
                "FailedFileList": [
                    {"FileName": "big.mp3", "FailedMsg": "invalid `file`: is larger than 5 MB"},
                ],
                "SuccessFileList": [
                    {"FileId": 3, "CustomFileName": "hi", "AudioFileName": "good.mp3", "Status": 1},
                ],
            })
        );
    }

    #[test]
    fn a_failure_of_ours_is_told_as_such_if_nothing_was_taken() {
        let broken = || Err(app::Fault::Internal(anyhow::anyhow!("disk full")));
        let none = UploadIvrAudioResponse::of(vec![("a".to_owned(), broken())]);
        assert_eq!(none.err().map(|fault| fault.code), Some("InternalError"));
        let one = vec![("a".to_owned(), broken()), ("b".to_owned(), Ok(sound()))];
        assert!(UploadIvrAudioResponse::of(one).is_ok());
    }

    fn sound() -> Sound {
        Sound {
            id: SoundId(3),
            tenant: TenantId(1),
            settings: SoundDraft {
                name: "hi".to_owned(),
                file_name: "good.mp3".to_owned(),
                sha256: String::new(),
                n_bytes: 1,
                duration_ms: 1,
            },
            created_at: UnixMs(0),
        }
    }

    #[test]
    fn a_file_is_named_by_the_end_of_its_path() {
        for (url, name) in [
            ("http://x.com/a/welcome.mp3?sign=/1", "welcome.mp3"),
            ("http://x.com/", ""),
        ] {
            assert_eq!(file_name(url), name);
        }
    }

    fn file(name: &str, url: &str) -> Value {
        json!({"CustomFileName": name, "AudioUrl": url})
    }

    fn tenant(zone: &str) -> Tenant {
        Tenant {
            id: TenantId(1),
            name: String::new(),
            country_code: "86".to_owned(),
            time_zone: zone.to_owned(),
            created_at: UnixMs(0),
        }
    }
}
