//! `describe_im_cdr_list` and `describe_chat_messages`.

use model::{CustomerId, UnixMs};
use serde_json::{Map, Value, json};
use store::{Paging, RecordFilter};

use super::{
    Answer, Asked,
    code::Failed,
    send::{optional, session_id},
};
use crate::im_record;

/// Items of an answer, where the request says nothing and at most.
const LIMIT: (i64, i64) = (20, 100);

/// Records of service that began in a time.
pub(super) async fn records(asked: Asked) -> Answer {
    let (from, to) = (
        required(&asked.body, "StartTimestamp")?,
        required(&asked.body, "EndTimestamp")?,
    );
    if to < from {
        return Err(Failed::parameter(
            "EndTimestamp",
            "is before StartTimestamp",
        ));
    }
    let filter = RecordFilter {
        conversation: None,
        customer: optional(&asked.body, "ClientUserId")?.map(CustomerId),
        from: Some(UnixMs::from_seconds(from)),
        to: Some(im_record::end_of_second(to)),
    };
    let paging = paging(&asked.body)?;
    let (store, tenant) = (asked.app.store(), asked.settings.tenant);
    let (total, list) = im_record::list(store, tenant, &filter, paging).await?;
    Ok(Map::from_iter([
        ("TotalCount".to_owned(), json!(total)),
        ("IMCdrList".to_owned(), json!(list)),
    ]))
}

/// Messages of a session.
pub(super) async fn messages(asked: Asked) -> Answer {
    let id = session_id(&asked.body)?;
    let newest_first = match number(&asked.body, "Order")?.unwrap_or(2) {
        1 => false,
        2 => true,
        _ => return Err(Failed::parameter("Order", "is neither 1 nor 2")),
    };
    let paging = paging(&asked.body)?;
    let (store, tenant) = (asked.app.store(), asked.settings.tenant);
    let conversation = store.conversation(tenant, &id).await?;
    let (total, list) = im_record::messages(store, &conversation, newest_first, paging).await?;
    Ok(Map::from_iter([
        ("TotalCount".to_owned(), json!(total)),
        ("Messages".to_owned(), json!(list)),
    ]))
}

fn paging(body: &Map<String, Value>) -> Result<Paging, Failed> {
    let limit = number(body, "Limit")?.unwrap_or(LIMIT.0);
    if !(1..=LIMIT.1).contains(&limit) {
        return Err(Failed::parameter("Limit", "is not 1 to 100"));
    }
    let offset = number(body, "Offset")?.unwrap_or(0);
    let offset =
        u32::try_from(offset).map_err(|_| Failed::parameter("Offset", "is out of range"))?;
    Ok(Paging {
        offset,
        limit: u32::try_from(limit).expect("it was compared"),
    })
}

fn required(body: &Map<String, Value>, name: &str) -> Result<i64, Failed> {
    let given = number(body, name)?.filter(|seconds| *seconds >= 0);
    given.ok_or_else(|| Failed::parameter(name, "is missing or out of range"))
}

fn number(body: &Map<String, Value>, name: &str) -> Result<Option<i64>, Failed> {
    match body.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(value) => match value.as_i64() {
            Some(number) => Ok(Some(number)),
            None => Err(Failed::parameter(name, "is no integer")),
        },
    }
}
