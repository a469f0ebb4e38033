//! Chat records and their messages: `DescribeIMCdrList`, `DescribeIMCdrs`, `DescribeChatMessages`.

use api::kernel::{Action, Entry, Reached};
use model::{ConversationId, UnixMs};
use serde::{Deserialize, Serialize};
use store::{Paging, RecordFilter};

use super::{Ccc, Context, code::DB_ERROR};
use crate::{
    fault::Fault,
    im_record::{self, ImCdrInfo, MessageBody, TEXT},
};

pub(super) static ACTIONS: &[Entry<Ccc>] = &[
    Entry::of::<DescribeImCdrList>(),
    Entry::of::<DescribeImCdrs>(),
    Entry::of::<DescribeChatMessages>(),
];

/// Items of an answer where the request does not say.
const LIMIT: i64 = 20;

/// Most items of an answer.
const LIMIT_MAX: i64 = 100;

const WINDOW: Reached = Reached {
    code: "InvalidParameterValue",
    when: "the window is backwards, `Limit` is not 1 to 100, `Offset` is negative, or a value is none \
           of those documented",
};

const BROKEN: Reached = Reached {
    code: DB_ERROR,
    when: "the database does not answer",
};

/// Chat records that began in a window.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct DescribeImCdrList {
    start_timestamp: i64,
    end_timestamp: i64,
    limit: Option<i64>,
    offset: Option<i64>,
    #[serde(rename = "Type")]
    kind: Option<i64>,
}

/// The same by its older name, which gives its list twice.
#[derive(Deserialize)]
#[serde(transparent)]
struct DescribeImCdrs(DescribeImCdrList);

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct DescribeImCdrListResponse {
    total_count: i64,
    #[serde(rename = "IMCdrList")]
    list: Vec<ImCdrInfo>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct DescribeImCdrsResponse {
    total_count: i64,
    #[serde(rename = "IMCdrs")]
    old_list: Vec<ImCdrInfo>,
    #[serde(rename = "IMCdrList")]
    list: Vec<ImCdrInfo>,
}

impl DescribeImCdrList {
    async fn list(self, context: Context) -> Result<(i64, Vec<ImCdrInfo>), Fault> {
        if self.end_timestamp < self.start_timestamp {
            let why = "it is before `StartTimestamp`";
            return Err(Fault::wrong_value("EndTimestamp", why));
        }
        let paging = paging(self.limit, self.offset)?;
        match self.kind {
            None | Some(TEXT) => {}
            // Full media: there is none here.
            Some(1) => return Ok((0, Vec::new())),
            Some(_) => return Err(Fault::wrong_value("Type", "it is 1 or 2")),
        }
        let filter = RecordFilter {
            from: Some(UnixMs::from_seconds(self.start_timestamp)),
            to: Some(im_record::end_of_second(self.end_timestamp)),
            ..RecordFilter::default()
        };
        let store = context.app.store();
        Ok(im_record::list(store, context.tenant.id, &filter, paging).await?)
    }
}

impl Action for DescribeImCdrList {
    type Dialect = Ccc;
    type Response = DescribeImCdrListResponse;
    const NAME: &'static str = "DescribeIMCdrList";
    const REFUSALS: &'static [Reached] = &[WINDOW, BROKEN];

    async fn run(self, context: Context) -> Result<Self::Response, Fault> {
        let (total_count, list) = self.list(context).await?;
        Ok(DescribeImCdrListResponse { total_count, list })
    }
}

impl Action for DescribeImCdrs {
    type Dialect = Ccc;
    type Response = DescribeImCdrsResponse;
    const NAME: &'static str = "DescribeIMCdrs";
    const REFUSALS: &'static [Reached] = &[WINDOW, BROKEN];

    async fn run(self, context: Context) -> Result<Self::Response, Fault> {
        let (total_count, list) = self.0.list(context).await?;
        Ok(DescribeImCdrsResponse {
            total_count,
            old_list: list.clone(),
            list,
        })
    }
}

/// Messages of one conversation, which `CdrId` or `SessionId` names.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct DescribeChatMessages {
    cdr_id: Option<String>,
    limit: Option<i64>,
    offset: Option<i64>,
    order: Option<i64>,
    session_id: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct DescribeChatMessagesResponse {
    total_count: i64,
    messages: Vec<MessageBody>,
}

impl Action for DescribeChatMessages {
    type Dialect = Ccc;
    type Response = DescribeChatMessagesResponse;
    const NAME: &'static str = "DescribeChatMessages";
    const REFUSALS: &'static [Reached] = &[WINDOW, BROKEN];

    async fn run(self, context: Context) -> Result<Self::Response, Fault> {
        let newest_first = match self.order.unwrap_or(2) {
            1 => false,
            2 => true,
            _ => return Err(Fault::wrong_value("Order", "it is 1 or 2")),
        };
        let paging = paging(self.limit, self.offset)?;
        let (store, tenant) = (context.app.store(), context.tenant.id);
        let given = |id: Option<String>| id.filter(|id| !id.is_empty());
        let id = match (given(self.session_id), given(self.cdr_id)) {
            (Some(id), _) => ConversationId(id),
            (None, Some(record)) => {
                match record.parse() {
                    Ok(record) => store.chat_record(tenant, model::ChatRecordId(record)).await,
                    Err(_) => Err(store::StoreError::NotFound {
                        what: "chat record",
                    }),
                }
                .map_err(|error| found("CdrId", error))?
                .conversation
            }
            (None, None) => return Err(Fault::missing("SessionId")),
        };
        let conversation = store.conversation(tenant, &id).await;
        let conversation = conversation.map_err(|error| found("SessionId", error))?;
        let (total_count, messages) =
            im_record::messages(store, &conversation, newest_first, paging).await?;
        Ok(DescribeChatMessagesResponse {
            total_count,
            messages,
        })
    }
}

/// What is named but not there is a wrong value: the action has no code of its own for it.
fn found(field: &'static str, error: store::StoreError) -> Fault {
    match error {
        store::StoreError::NotFound { .. } => Fault::wrong_value(field, "it names nothing"),
        other => other.into(),
    }
}

fn paging(limit: Option<i64>, offset: Option<i64>) -> Result<Paging, Fault> {
    let limit = limit.unwrap_or(LIMIT);
    let in_range = (1..=LIMIT_MAX).contains(&limit);
    let limit = u32::try_from(limit).ok().filter(|_| in_range);
    let limit = limit.ok_or_else(|| Fault::wrong_value("Limit", "it is 1 to 100"))?;
    let offset = u32::try_from(offset.unwrap_or(0));
    let offset = offset.map_err(|_| Fault::wrong_value("Offset", "it is out of range"))?;
    Ok(Paging { offset, limit })
}
