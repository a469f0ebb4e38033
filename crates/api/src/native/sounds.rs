//! Sounds: uploaded as a file, or fetched from an address.

use axum::{
    Json,
    extract::{FromRequest, Multipart, Request, State, multipart::MultipartError},
    http::{StatusCode, header},
};
use model::{Permission, Sound, SoundId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::SoundFilter;

use super::{
    admit::Caller,
    context::Native,
    field::{Instance, Text, Time},
    page::{InstanceAsk, Limit, Offset, PageView, paging},
    problem::{Kind, Problem},
    read::{Ask, Body, PathId},
    table::{Row, delete, get, post},
};

/// The largest file, in bytes, as the vendor has it for `UploadIvrAudio`.
const FILE_BYTES_MAX: usize = 5 * 1024 * 1024;

/// Room for the other parts of an upload, in bytes.
const FORM_BYTES_MAX: usize = 16 * 1024;

/// A sound to be fetched. The file itself can be sent instead, as `multipart/form-data` with the
/// parts `name` and `file` (wav or mp3, at most 5 MB).
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SoundBody {
    /// Shown to people.
    name: Text<1, 128>,
    /// Where it is: `http` or `https`, wav or mp3, at most 5 MB.
    url: Text<8, 2048>,
}

/// Which sounds to list.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SoundsAsk {
    /// Whose; needed only with an operator's token where there are several instances.
    instance: Option<Instance>,
    /// Only with this name.
    name: Option<Text<1, 128>>,
    /// Items to leave out at the front; 0 if absent.
    offset: Option<Offset>,
    /// Most items to give; 50 if absent.
    limit: Option<Limit>,
}

/// A sound that can be played into calls.
#[derive(Serialize, JsonSchema)]
pub(super) struct SoundView {
    /// `FileId`.
    id: i64,
    /// Its owner.
    instance: i64,
    /// Shown to people.
    name: String,
    /// File name that it came under.
    file_name: String,
    /// Length of the audio.
    duration_ms: i64,
    /// Bytes of the file.
    n_bytes: i64,
    /// SHA-256 of the file, lower-case hex.
    sha256: String,
    /// When it was uploaded.
    created_at: Time,
}

pub(super) fn rows() -> Vec<Row> {
    const ONE: &str = "/api/v1/sounds/{id}";
    vec![
        get("/api/v1/sounds", "List sounds", list)
            .needs(Permission::ReadDesign)
            .asks::<SoundsAsk>()
            .gives::<PageView<SoundView>>(),
        post(
            "/api/v1/sounds",
            "Upload a sound, or have it fetched",
            create,
        )
        .needs(Permission::Design)
        .asks::<InstanceAsk>()
        .takes_json_or_file::<SoundBody>()
        .gives::<SoundView>()
        .body_bytes_max(FILE_BYTES_MAX + FORM_BYTES_MAX),
        get(ONE, "Show a sound", show)
            .needs(Permission::ReadDesign)
            .asks::<InstanceAsk>()
            .gives::<SoundView>(),
        delete(ONE, "Remove a sound", remove)
            .needs(Permission::Design)
            .asks::<InstanceAsk>(),
    ]
}

async fn list(
    State(native): State<Native>,
    caller: Caller,
    Ask(ask): Ask<SoundsAsk>,
) -> Result<Json<PageView<SoundView>>, Problem> {
    let tenant = native.tenant(caller, ask.instance).await?;
    let filter = SoundFilter {
        names: ask.name.map(|name| name.0).into_iter().collect(),
        ..SoundFilter::default()
    };
    let paging = paging(ask.offset, ask.limit);
    let page = native.store().sounds(tenant, &filter, paging).await?;
    Ok(Json(PageView::of(page, SoundView::from)))
}

async fn create(
    State(native): State<Native>,
    caller: Caller,
    Ask(ask): Ask<InstanceAsk>,
    request: Request,
) -> Result<(StatusCode, Json<SoundView>), Problem> {
    let tenant = native.tenant(caller, ask.instance).await?;
    let sound = if is_form(&request) {
        let form = Multipart::from_request(request, &())
            .await
            .map_err(|rejection| Problem::new(Kind::Malformed, rejection.body_text()))?;
        let upload = Upload::read(form).await?;
        native
            .app()
            .upload_sound(tenant, &upload.name, &upload.file_name, upload.bytes)
            .await?
    } else {
        let Body(body) = Body::<SoundBody>::from_request(request, &()).await?;
        if !body.url.0.starts_with("http://") && !body.url.0.starts_with("https://") {
            return Err(Problem::invalid(
                "url",
                "must begin with http:// or https://",
            ));
        }
        native
            .app()
            .fetch_sound(tenant, &body.name.0, &body.url.0)
            .await?
    };
    Ok((StatusCode::CREATED, Json(sound.into())))
}

async fn show(
    State(native): State<Native>,
    caller: Caller,
    PathId(id): PathId,
    Ask(ask): Ask<InstanceAsk>,
) -> Result<Json<SoundView>, Problem> {
    let tenant = native.tenant(caller, ask.instance).await?;
    Ok(Json(
        native.store().sound(tenant, SoundId(id)).await?.into(),
    ))
}

async fn remove(
    State(native): State<Native>,
    caller: Caller,
    PathId(id): PathId,
    Ask(ask): Ask<InstanceAsk>,
) -> Result<StatusCode, Problem> {
    let tenant = native.tenant(caller, ask.instance).await?;
    native.store().remove_sound(tenant, SoundId(id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn is_form(request: &Request) -> bool {
    request
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|sent| sent.to_str().ok())
        .is_some_and(|sent| {
            sent.trim_start()
                .to_ascii_lowercase()
                .starts_with("multipart/form-data")
        })
}

/// A file with its name, as a form sends it.
struct Upload {
    name: String,
    file_name: String,
    bytes: Vec<u8>,
}

impl Upload {
    async fn read(mut form: Multipart) -> Result<Self, Problem> {
        let (mut name, mut file) = (None, None);
        while let Some(part) = form.next_field().await.map_err(unreadable)? {
            match part.name() {
                Some("name") => {
                    let text = part.text().await.map_err(unreadable)?;
                    let value = serde_json::Value::String(text);
                    let text: Text<1, 128> = serde_json::from_value(value)
                        .map_err(|error| Problem::invalid("name", error.to_string()))?;
                    name = Some(text.0);
                }
                Some("file") => {
                    let file_name: String = part
                        .file_name()
                        .unwrap_or("sound")
                        .chars()
                        .take(128)
                        .collect();
                    let bytes = part.bytes().await.map_err(unreadable)?;
                    file = Some((file_name, bytes.to_vec()));
                }
                Some(other) => {
                    let other: String = other.chars().take(64).collect();
                    return Err(Problem::invalid(&other, "is no part of this form"));
                }
                None => {
                    return Err(Problem::new(
                        Kind::Malformed,
                        "a part of the form has no name",
                    ));
                }
            }
        }
        let (file_name, bytes) = file.ok_or_else(|| Problem::invalid("file", "is missing"))?;
        let name = name.ok_or_else(|| Problem::invalid("name", "is missing"))?;
        if bytes.len() > FILE_BYTES_MAX {
            return Err(Problem {
                field: Some("file".to_owned()),
                ..Problem::new(Kind::TooLarge, "the file must have at most 5 MB")
            });
        }
        Ok(Self {
            name,
            file_name,
            bytes,
        })
    }
}

#[expect(clippy::needless_pass_by_value, reason = "fits map_err")]
fn unreadable(error: MultipartError) -> Problem {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        return Problem::new(Kind::TooLarge, "the file must have at most 5 MB");
    }
    Problem::new(Kind::Malformed, error.body_text())
}

impl From<Sound> for SoundView {
    fn from(sound: Sound) -> Self {
        Self {
            id: sound.id.0,
            instance: sound.tenant.0,
            name: sound.settings.name,
            file_name: sound.settings.file_name,
            duration_ms: sound.settings.duration_ms,
            n_bytes: sound.settings.n_bytes,
            sha256: sound.settings.sha256,
            created_at: Time(sound.created_at),
        }
    }
}
