//! Call records as a table for spreadsheets: CSV (RFC 4180) in UTF-8 with its mark, a row a call.
//!
//! The whole filter is exported, not one page of it. Rows are read and sent page by page.
//!
//! # Invariants
//!
//! - Calls that begin meanwhile are not in it, so that pages do not shift.
//! - A text never begins as a formula does.

use std::fmt::Write as _;

use axum::{
    body::{Body, Bytes},
    extract::State,
    http::{HeaderName, HeaderValue, header},
};
use futures::{Stream, stream};
use model::{Call, CallFilter, Direction, Permission, UnixMs};
use schemars::JsonSchema;
use serde::Deserialize;
use store::{Paging, StoreError};

use super::{
    admit::Caller,
    context::Native,
    field::{Instance, Phone, Time},
    problem::Problem,
    read::Ask,
    table::{Row, get},
};

/// Most calls of one table; spreadsheets open about ten times as many.
const CALLS_MAX: i64 = 100_000;

/// Calls that are read at once.
const AT_ONCE: u32 = 500;

/// The head of the table. The mark before it lets spreadsheets read Chinese.
const HEAD: &str = "\u{feff}id,direction,state,caller,callee,voice_agent,voice_agent_name,started_at,\
                    rang_at,answered_at,ended_at,talk_second,cause,ended_by\r\n";

/// Which calls to export.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ExportAsk {
    /// Whose; needed only with an operator's token where there are several instances.
    instance: Option<Instance>,
    /// Started at or after.
    from: Option<Time>,
    /// Started before.
    to: Option<Time>,
    /// Only with this number as caller or callee.
    number: Option<Phone>,
}

pub(super) fn rows() -> Vec<Row> {
    vec![
        get(
            "/api/v1/calls.csv",
            "Export calls as a table, newest first; at most 100,000",
            export,
        )
        .needs(Permission::ReadCalls)
        .asks::<ExportAsk>()
        .gives_media("text/csv; charset=utf-8"),
    ]
}

async fn export(
    State(native): State<Native>,
    caller: Caller,
    Ask(ask): Ask<ExportAsk>,
) -> Result<([(HeaderName, HeaderValue); 2], Body), Problem> {
    let tenant = native.tenant(caller, ask.instance).await?;
    let now = native.now();
    let filter = CallFilter {
        tenant,
        from: ask.from.map_or(UnixMs(0), |time| time.0),
        to: ask.to.map_or(now, |time| time.0.min(now)),
        numbers: ask.number.map(|number| number.0).into_iter().collect(),
        ids: Vec::new(),
        ended_only: false,
    };
    let n_calls = native.store().calls(&filter, Paging::first(0)).await?.total;
    if n_calls > CALLS_MAX {
        let why = format!("chooses {n_calls} calls, more than {CALLS_MAX}: choose fewer days");
        return Err(Problem::invalid("from", why));
    }
    let headers = [
        (
            header::CONTENT_TYPE,
            HeaderValue::from_static("text/csv; charset=utf-8"),
        ),
        (
            header::CONTENT_DISPOSITION,
            HeaderValue::from_static("attachment; filename=\"calls.csv\""),
        ),
    ];
    Ok((headers, Body::from_stream(pieces(native, filter))))
}

/// The head, then pages of rows. A fault breaks the answer off, so that nobody takes it for whole.
fn pieces(
    native: Native,
    filter: CallFilter,
) -> impl Stream<Item = Result<Bytes, StoreError>> + Send {
    stream::try_unfold(Some(0_u32), move |at| {
        let (native, filter) = (native.clone(), filter.clone());
        async move {
            let Some(offset) = at else { return Ok(None) };
            let paging = Paging {
                offset,
                limit: AT_ONCE,
            };
            let page = native.store().calls(&filter, paging).await?;
            let mut text = String::from(if offset == 0 { HEAD } else { "" });
            for call in &page.items {
                row(&mut text, call);
            }
            let is_last = page.items.len() < usize::try_from(AT_ONCE).unwrap_or(usize::MAX);
            let next = (!is_last).then(|| offset + AT_ONCE);
            Ok(Some((Bytes::from(text), next)))
        }
    })
}

fn row(text: &mut String, call: &Call) {
    let time = |at: Option<UnixMs>| at.map_or_else(String::new, |at| Time(at).text());
    let direction = match call.direction {
        Direction::Inbound => "inbound",
        Direction::Outbound => "outbound",
    };
    let agent = call
        .voice_agent
        .map_or_else(String::new, |id| id.0.to_string());
    let name = cell(&call.voice_agent_name);
    // Writing into a text cannot fail.
    let _ = write!(
        text,
        "{},{direction},{},{},{},{agent},{name},{},{},{},{},{},{},{}\r\n",
        call.id.0,
        call.state.name(),
        call.caller,
        call.callee,
        time(Some(call.started_at)),
        time(call.rang_at),
        time(call.answered_at),
        time(call.ended_at),
        call.talk_seconds(),
        call.cause.map_or("", |cause| cause.name()),
        call.side.map_or("", |side| side.name()),
    );
}

/// A text as a cell.
fn cell(text: &str) -> String {
    let shown = match text.chars().next() {
        Some('=' | '+' | '-' | '@' | '\t' | '\r') => format!("'{text}"),
        Some(_) | None => text.to_owned(),
    };
    if shown.contains(['"', ',', '\n', '\r']) {
        return format!("\"{}\"", shown.replace('"', "\"\""));
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_cell_and_never_a_formula() {
        for (name, shown) in [
            ("Clinic", "Clinic"),
            ("Lin, Mei", "\"Lin, Mei\""),
            ("the \"first\"", "\"the \"\"first\"\"\""),
            ("=1+1", "'=1+1"),
            ("@sum,1", "\"'@sum,1\""),
            ("", ""),
        ] {
            assert_eq!(cell(name), shown);
        }
    }
}
