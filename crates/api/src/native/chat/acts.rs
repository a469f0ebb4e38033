//! What staff do in a conversation.
//!
//! Each act is somebody's: the person who is signed in, or the one that a token's request names in
//! `staff`.

use app::chat::Input;
use axum::{
    Json,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode},
};
use model::{
    Asker, Author, Content, Conversation, ConversationState, Permission, SkillGroupId, StaffId,
    Staffed,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{conversations::found, view::ConversationView};
use crate::native::{
    admit::{Actor, Caller},
    context::Native,
    customer::{client_id, file_name, file_view},
    field::{Instance, Int, Text},
    page::InstanceAsk,
    problem::{Kind, Problem},
    read::{Ask, Body, PathText},
    table::{Row, post},
};

/// The id of a person.
type StaffField = Int<1, { i64::MAX }>;

/// Who does it.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ActBody {
    /// Needed with a token; a person who is signed in acts for themselves.
    staff: Option<StaffField>,
}

/// A message of a person.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct SayBody {
    /// Needed with a token; a person who is signed in acts for themselves.
    staff: Option<StaffField>,
    /// What it says.
    text: Text<1, 4000>,
    /// Drawn for this message: a second one with it is a repetition.
    client_id: Option<Text<1, 64>>,
}

/// A note that the customer does not see.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NoteBody {
    /// Needed with a token; a person who is signed in acts for themselves.
    staff: Option<StaffField>,
    /// What it says.
    text: Text<1, 4000>,
}

/// To whom a conversation is passed on: a group, or a person.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct TransferBody {
    /// Needed with a token; a person who is signed in acts for themselves.
    staff: Option<StaffField>,
    /// To somebody of this skill group.
    skill_group: Option<Int<1, { i64::MAX }>>,
    /// To this person.
    to: Option<StaffField>,
}

/// Who sends the file.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct FileAsk {
    /// Whose; needed only with an operator's token where there are several instances.
    instance: Option<Instance>,
    /// Needed with a token; a person who is signed in acts for themselves.
    staff: Option<StaffField>,
}

/// A message that was sent.
#[derive(Serialize, JsonSchema)]
struct SentView {
    /// Its key.
    key: Option<String>,
    /// It was sent before.
    repeated: bool,
    /// The conversation afterwards.
    conversation: ConversationView,
}

/// A file that was sent.
#[derive(Serialize, JsonSchema)]
struct SentFileView {
    /// Key of its message.
    key: Option<String>,
    /// The file.
    file: Value,
}

pub(super) fn rows() -> Vec<Row> {
    let mut rows = act_rows();
    rows.extend(writing_rows());
    rows
}

fn act_rows() -> Vec<Row> {
    macro_rules! act {
        ($path:literal, $summary:literal, $handler:ident, $Body:ty) => {
            post(
                concat!("/api/v1/chat/conversations/{id}/", $path),
                $summary,
                $handler,
            )
            .needs(Permission::Chat)
            .unaudited()
            .status(StatusCode::OK)
            .asks::<InstanceAsk>()
            .takes::<$Body>()
            .gives::<ConversationView>()
            .refuses(&[Kind::Conflict])
        };
    }
    vec![
        act!(
            "accept",
            "Take a conversation that one is asked to take",
            accept,
            ActBody
        ),
        act!(
            "decline",
            "Leave such a conversation to others",
            decline,
            ActBody
        ),
        act!(
            "take-over",
            "Take a conversation from whoever has it",
            take_over,
            ActBody
        ),
        act!(
            "give-back",
            "Give a conversation back to the bot",
            give_back,
            ActBody
        ),
        act!("transfer", "Pass a conversation on", transfer, TransferBody),
        act!("close", "End a conversation", close, ActBody),
        act!(
            "rating",
            "Ask the customer for an opinion",
            ask_rating,
            ActBody
        ),
        act!(
            "notes",
            "Write a note that the customer does not see",
            note,
            NoteBody
        ),
    ]
}

/// What is written to the customer.
fn writing_rows() -> Vec<Row> {
    vec![
        post(
            "/api/v1/chat/conversations/{id}/messages",
            "Write to the customer",
            say,
        )
        .needs(Permission::Chat)
        .unaudited()
        .asks::<InstanceAsk>()
        .takes::<SayBody>()
        .gives::<SentView>()
        .refuses(&[Kind::Conflict]),
        post(
            "/api/v1/chat/conversations/{id}/files",
            "Send the body as a file to the customer; its name is in X-File-Name",
            send_file,
        )
        .body_bytes_max(50 * 1024 * 1024)
        .needs(Permission::Chat)
        .unaudited()
        .asks::<FileAsk>()
        .gives::<SentFileView>()
        .refuses(&[Kind::Conflict, Kind::TooLarge]),
    ]
}

/// A conversation, and who acts in it.
struct Acting {
    conversation: Conversation,
    staff: Staffed,
    /// They may act in conversations of others.
    supervises: bool,
}

impl Acting {
    async fn of(
        native: &Native,
        (actor, caller): (&Actor, Caller),
        instance: Option<Instance>,
        id: String,
        staff: Option<StaffField>,
    ) -> Result<Self, Problem> {
        let conversation = found(native, caller, instance, id).await?;
        let named = staff.map(|staff| StaffId(staff.0));
        let staff = native.acting(actor, named, conversation.tenant).await?;
        Ok(Self {
            conversation,
            staff,
            supervises: actor.may(Permission::SuperviseChats),
        })
    }

    /// Refuses who would take from another or end another's conversation without being allowed to.
    fn check_not_anothers(&self) -> Result<(), Problem> {
        let is_anothers = self.conversation.state == ConversationState::Staffed
            && self.conversation.staff.as_ref().map(|staff| staff.id) != Some(self.staff.id);
        if is_anothers && !self.supervises {
            let detail = "another person has the conversation: a supervisor may take it";
            return Err(Problem::new(Kind::Forbidden, detail));
        }
        Ok(())
    }

    async fn tell(&self, native: &Native, input: Input) -> Answer {
        let chats = native.app().chats();
        let told = chats.command(self.conversation.tenant, &self.conversation.id, input);
        Ok(Json(ConversationView::of(told.await?.conversation)))
    }
}

type Answer = Result<Json<ConversationView>, Problem>;

macro_rules! simple {
    ($( $name:ident |$staff:ident| $input:expr, of_anyone: $of_anyone:literal; )*) => { $(
        async fn $name(
            State(native): State<Native>,
            actor: Actor,
            caller: Caller,
            PathText(id): PathText,
            Ask(ask): Ask<InstanceAsk>,
            Body(body): Body<ActBody>,
        ) -> Answer {
            let who = (&actor, caller);
            let acting = Acting::of(&native, who, ask.instance, id, body.staff).await?;
            if $of_anyone {
                acting.check_not_anothers()?;
            }
            let $staff = acting.staff.clone();
            acting.tell(&native, $input).await
        }
    )* };
}

simple! {
    accept |staff| Input::Accept(staff), of_anyone: false;
    decline |staff| Input::Decline(staff.id), of_anyone: false;
    take_over |staff| Input::TakeOver(staff), of_anyone: true;
    give_back |staff| Input::GiveBack(staff), of_anyone: false;
    close |staff| Input::End(Asker::Staff(staff)), of_anyone: true;
}

async fn ask_rating(
    State(native): State<Native>,
    actor: Actor,
    caller: Caller,
    PathText(id): PathText,
    Ask(ask): Ask<InstanceAsk>,
    Body(body): Body<ActBody>,
) -> Answer {
    let acting = Acting::of(&native, (&actor, caller), ask.instance, id, body.staff).await?;
    acting.tell(&native, Input::AskRating).await
}

async fn transfer(
    State(native): State<Native>,
    actor: Actor,
    caller: Caller,
    PathText(id): PathText,
    Ask(ask): Ask<InstanceAsk>,
    Body(body): Body<TransferBody>,
) -> Answer {
    let acting = Acting::of(&native, (&actor, caller), ask.instance, id, body.staff).await?;
    let tenant = acting.conversation.tenant;
    if body.skill_group.is_none() == body.to.is_none() {
        let why = "is required, or `to`, and not both";
        return Err(Problem::invalid("skill_group", why));
    }
    let group = body.skill_group.map(|group| SkillGroupId(group.0));
    if let Some(group) = group {
        let found = native.store().skill_group(tenant, group).await;
        found.map_err(|_| Problem::invalid("skill_group", "names no skill group"))?;
    }
    let to = body.to.map(|staff| StaffId(staff.0));
    if let Some(to) = to {
        let found = native.store().staff(tenant, to).await;
        found.map_err(|_| Problem::invalid("to", "names nobody"))?;
    }
    let by = acting.staff.clone();
    let staff = to.into_iter().collect();
    acting
        .tell(&native, Input::PassOn { by, group, staff })
        .await
}

async fn note(
    State(native): State<Native>,
    actor: Actor,
    caller: Caller,
    PathText(id): PathText,
    Ask(ask): Ask<InstanceAsk>,
    Body(body): Body<NoteBody>,
) -> Answer {
    let acting = Acting::of(&native, (&actor, caller), ask.instance, id, body.staff).await?;
    let (tenant, id) = (acting.conversation.tenant, &acting.conversation.id);
    let chats = native.app().chats();
    let noted = chats.note(tenant, id, acting.staff.clone(), &body.text.0);
    Ok(Json(ConversationView::of(noted.await?.conversation)))
}

async fn say(
    State(native): State<Native>,
    actor: Actor,
    caller: Caller,
    PathText(id): PathText,
    Ask(ask): Ask<InstanceAsk>,
    Body(body): Body<SayBody>,
) -> Result<(StatusCode, Json<SentView>), Problem> {
    let acting = Acting::of(&native, (&actor, caller), ask.instance, id, body.staff).await?;
    let said = native
        .app()
        .chats()
        .say(
            acting.conversation.tenant,
            &acting.conversation.id,
            Author::Staff(acting.staff),
            Content::text(body.text.0),
            body.client_id.map(|id| id.0),
        )
        .await?;
    let view = SentView {
        key: said.key.map(|key| key.0),
        repeated: said.repeated,
        conversation: ConversationView::of(said.conversation),
    };
    Ok((StatusCode::CREATED, Json(view)))
}

async fn send_file(
    State(native): State<Native>,
    actor: Actor,
    caller: Caller,
    PathText(id): PathText,
    Ask(ask): Ask<FileAsk>,
    headers: HeaderMap,
    bytes: Bytes,
) -> Result<(StatusCode, Json<SentFileView>), Problem> {
    let acting = Acting::of(&native, (&actor, caller), ask.instance, id, ask.staff).await?;
    let (said, file) = native
        .app()
        .chats()
        .send_file(
            acting.conversation.tenant,
            &acting.conversation.id,
            Author::Staff(acting.staff),
            &file_name(&headers),
            &bytes,
            client_id(&headers),
        )
        .await?;
    let view = SentFileView {
        key: said.key.map(|key| key.0),
        file: file_view(&file),
    };
    Ok((StatusCode::CREATED, Json(view)))
}
