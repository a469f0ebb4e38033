//! What a customer does in a conversation.

use app::chat::Input;
use axum::{
    Json,
    body::Bytes,
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use model::{Asker, Author, ChatFile, ChatFileId, Content};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{start::shown, token::Visitor};
use crate::native::{
    chat::view::{For, MessageView},
    context::Native,
    field::{Int, Text},
    page::{PageAsk, PageView, paging},
    problem::Problem,
    read::{Ask, Body, PathText},
};

/// A message of the customer.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SayBody {
    /// Drawn by the client for this message: a second one with it is a repetition.
    client_id: Text<1, 64>,
    text: Text<1, 4000>,
}

pub(super) async fn say(
    State(native): State<Native>,
    visitor: Visitor,
    PathText(id): PathText,
    Body(body): Body<SayBody>,
) -> Result<(StatusCode, Json<Value>), Problem> {
    let conversation = visitor.conversation(&native, id).await?;
    let said = native
        .app()
        .chats()
        .say(
            visitor.tenant,
            &conversation.id,
            Author::Customer,
            Content::text(body.text.0),
            Some(body.client_id.0),
        )
        .await?;
    let status = match said.repeated {
        true => StatusCode::OK,
        false => StatusCode::CREATED,
    };
    let key = said.key.map(|key| key.0);
    Ok((status, Json(json!({"key": key, "repeated": said.repeated}))))
}

/// Messages as they stand, oldest first.
pub(super) async fn messages(
    State(native): State<Native>,
    visitor: Visitor,
    PathText(id): PathText,
    Ask(ask): Ask<PageAsk>,
) -> Result<Json<PageView<MessageView>>, Problem> {
    let conversation = visitor.conversation(&native, id).await?;
    let page = native
        .store()
        .chat_messages(
            &conversation.id,
            false,
            false,
            paging(ask.offset, ask.limit),
        )
        .await?;
    Ok(Json(PageView::of(page, |message| {
        MessageView::of(message, For::Customer)
    })))
}

/// The body is the file; its name is in `X-File-Name`, percent-encoded.
pub(super) async fn send_file(
    State(native): State<Native>,
    visitor: Visitor,
    PathText(id): PathText,
    headers: HeaderMap,
    bytes: Bytes,
) -> Result<(StatusCode, Json<Value>), Problem> {
    let conversation = visitor.conversation(&native, id).await?;
    let (name, client_id) = (file_name(&headers), client_id(&headers));
    let (said, file) = native
        .app()
        .chats()
        .send_file(
            visitor.tenant,
            &conversation.id,
            Author::Customer,
            &name,
            &bytes,
            client_id,
        )
        .await?;
    let key = said.key.map(|key| key.0);
    let file = file_view(&file);
    Ok((StatusCode::CREATED, Json(json!({"key": key, "file": file}))))
}

/// The name in `X-File-Name`.
pub(in crate::native) fn file_name(headers: &HeaderMap) -> String {
    let sent = headers.get("x-file-name").map(HeaderValue::as_bytes);
    let pair = [b"n=", sent.unwrap_or_default()].concat();
    // Percent-encoding is that of forms, except that a plus stands for itself.
    let pair: Vec<u8> = pair
        .into_iter()
        .flat_map(|byte| match byte {
            b'+' => b"%2B".to_vec(),
            b'&' => b"%26".to_vec(),
            other => vec![other],
        })
        .collect();
    let mut pairs = form_urlencoded::parse(&pair);
    pairs
        .next()
        .map(|(_, name)| name.into_owned())
        .unwrap_or_default()
}

/// The request's name in `X-Client-Id`.
pub(in crate::native) fn client_id(headers: &HeaderMap) -> Option<String> {
    let sent = headers.get("x-client-id")?.to_str().ok()?;
    (1..=64).contains(&sent.len()).then(|| sent.to_owned())
}

pub(in crate::native) fn file_view(file: &ChatFile) -> Value {
    json!({
        "id": file.id.as_str(),
        "name": file.name,
        "media_type": file.media_type,
        "n_bytes": file.n_bytes,
    })
}

/// A file of one of the customer's conversations.
pub(super) async fn file(
    State(native): State<Native>,
    visitor: Visitor,
    PathText(id): PathText,
) -> Result<Response, Problem> {
    let file = native
        .store()
        .chat_file(visitor.tenant, &ChatFileId(id))
        .await?;
    let conversation = file.conversation.0.clone();
    visitor.conversation(&native, conversation).await?;
    file_answer(&native, &file).await
}

/// The bytes, so that no browser runs them as a page.
pub(in crate::native) async fn file_answer(
    native: &Native,
    file: &ChatFile,
) -> Result<Response, Problem> {
    let bytes = native.app().chats().file_bytes(file).await?;
    let shown = if file.media_type.starts_with("image/") {
        "inline"
    } else {
        "attachment"
    };
    let name: String = form_urlencoded::byte_serialize(file.name.as_bytes()).collect();
    let name = name.replace('+', "%20");
    let disposition = format!("{shown}; filename*=UTF-8''{name}");
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    let text = |text: &str| HeaderValue::from_str(text).expect("it is plain ASCII");
    headers.insert(header::CONTENT_TYPE, text(&file.media_type));
    headers.insert(header::CONTENT_DISPOSITION, text(&disposition));
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("default-src 'none'; sandbox"),
    );
    headers.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("private, max-age=31536000, immutable"),
    );
    Ok(response)
}

/// The customer wants a person.
pub(super) async fn ask_person(
    State(native): State<Native>,
    visitor: Visitor,
    PathText(id): PathText,
) -> Result<Json<Value>, Problem> {
    let conversation = visitor.conversation(&native, id).await?;
    let asked = native
        .app()
        .chats()
        .ask_person(
            visitor.tenant,
            &conversation.id,
            Asker::Customer,
            (None, Vec::new()),
            true,
        )
        .await?;
    Ok(Json(shown(&native, &asked.conversation).await?))
}

/// An opinion.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RateBody {
    score: Int<1, 5>,
    #[serde(default)]
    text: Option<Text<0, 1000>>,
}

pub(super) async fn rate(
    State(native): State<Native>,
    visitor: Visitor,
    PathText(id): PathText,
    Body(body): Body<RateBody>,
) -> Result<Json<Value>, Problem> {
    let text = body.text.map(|text| text.0).unwrap_or_default();
    let rate = Input::Rate {
        score: body.score.0,
        text,
    };
    told(&native, &visitor, id, rate).await
}

/// A word for later.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WordBody {
    /// A number or an address.
    contact: Text<3, 200>,
    text: Text<1, 4000>,
}

pub(super) async fn leave_word(
    State(native): State<Native>,
    visitor: Visitor,
    PathText(id): PathText,
    Body(body): Body<WordBody>,
) -> Result<Json<Value>, Problem> {
    let word = Input::LeaveWord {
        contact: body.contact.0,
        text: body.text.0,
    };
    told(&native, &visitor, id, word).await
}

/// The customer is done. One that is over already stays so.
pub(super) async fn end(
    State(native): State<Native>,
    visitor: Visitor,
    PathText(id): PathText,
) -> Result<Json<Value>, Problem> {
    told(&native, &visitor, id, Input::End(Asker::Customer)).await
}

async fn told(
    native: &Native,
    visitor: &Visitor,
    id: String,
    input: Input,
) -> Result<Json<Value>, Problem> {
    let conversation = visitor.conversation(native, id).await?;
    let chats = native.app().chats();
    let told = chats
        .command(visitor.tenant, &conversation.id, input)
        .await?;
    Ok(Json(shown(native, &told.conversation).await?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_files_are_percent_encoded() {
        for (sent, name) in [
            ("a%20b+c&d.png", "a b+c&d.png"),
            ("%E4%BD%A0%E5%A5%BD.txt", "你好.txt"),
            ("", ""),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert("x-file-name", HeaderValue::from_str(sent).unwrap());
            assert_eq!(file_name(&headers), name);
        }
    }
}
