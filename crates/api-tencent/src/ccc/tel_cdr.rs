//! Call records of a time: `DescribeTelCdr`.

use api::kernel::{Action, Entry, Reached};
use model::{Call, CallFilter, CallId, E164, Recording, Tenant, UnixMs, WordsState};
use serde::{Deserialize, Serialize};

use super::{
    Ccc, Context, cdr::TelCdrInfo, code::DB_ERROR, session_id::call_id, time_window::TimeWindow,
};
use crate::{fault::Fault, paging};

pub(super) static ACTIONS: &[Entry<Ccc>] = &[Entry::of::<DescribeTelCdr>()];

/// Largest page.
const PAGE_MAX: u32 = 100;
/// Most values of one filter.
const FILTER_MAX: usize = 100;

/// Records of ended calls that began in a window, newest first.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct DescribeTelCdr {
    start_time_stamp: i64,
    end_time_stamp: i64,
    page_size: i64,
    page_number: i64,
    #[serde(default)]
    phones: Vec<String>,
    #[serde(default)]
    session_ids: Vec<String>,
}

/// `TelCdrs` is the old name of `TelCdrList`; both hold the same, for both kinds of readers.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct DescribeTelCdrResponse {
    total_count: i64,
    tel_cdrs: Vec<TelCdrInfo>,
    tel_cdr_list: Vec<TelCdrInfo>,
}

impl Action for DescribeTelCdr {
    type Dialect = Ccc;
    type Response = DescribeTelCdrResponse;
    const NAME: &'static str = "DescribeTelCdr";
    const REFUSALS: &'static [Reached] = &[
        Reached {
            code: "InvalidParameterValue",
            when: "the window is more than 180 days back, 90 days long or longer, or backwards; `PageSize` is not 1 to 100, `PageNumber` is below 0, a phone is no number, or a filter has more than 100 values",
        },
        Reached {
            code: DB_ERROR,
            when: "the database does not answer",
        },
    ];

    async fn run(self, context: Context) -> Result<Self::Response, Fault> {
        let paging = paging::parse(self.page_size, self.page_number, PAGE_MAX)?;
        let filter = self.filter(&context.tenant, context.app.now())?;
        let page = context.app.store().calls(&filter, paging).await?;
        let ids: Vec<CallId> = page.items.iter().map(|call| call.id.clone()).collect();
        let words = context.app.store().words_states(context.tenant.id, &ids);
        let words = words.await?;
        let record = |call: &Call| {
            let address = |track: &Recording| context.app.recording_url(track);
            let state = words.get(&call.id).copied().unwrap_or(WordsState::None);
            TelCdrInfo {
                asr_status: asr_status(state),
                asr_url: match state {
                    WordsState::There => context.app.transcript_url(&call.id),
                    WordsState::None | WordsState::Due => String::new(),
                },
                ..TelCdrInfo::of(call, &address)
            }
        };
        let records: Vec<TelCdrInfo> = page.items.iter().map(record).collect();
        Ok(DescribeTelCdrResponse {
            total_count: page.total,
            tel_cdrs: records.clone(),
            tel_cdr_list: records,
        })
    }
}

/// `AsrStatus`: whether `DescribeTelRecordAsr` has the person's words.
fn asr_status(state: WordsState) -> &'static str {
    match state {
        WordsState::None => "NotExists",
        WordsState::Due => "Processing",
        WordsState::There => "Complete",
    }
}

impl DescribeTelCdr {
    fn filter(&self, tenant: &Tenant, now: UnixMs) -> Result<CallFilter, Fault> {
        let window = TimeWindow::parse(
            ("StartTimeStamp", self.start_time_stamp),
            ("EndTimeStamp", self.end_time_stamp),
            now,
        )?;
        for (name, count) in [
            ("Phones", self.phones.len()),
            ("SessionIds", self.session_ids.len()),
        ] {
            if count > FILTER_MAX {
                return Err(Fault::wrong_value(name, "it holds at most 100 values"));
            }
        }
        let numbers = self
            .phones
            .iter()
            .enumerate()
            .map(|(idx, phone)| {
                E164::parse(phone, &tenant.country_code).map_err(|_| {
                    Fault::wrong_value(
                        &format!("Phones.{idx}"),
                        "it is not a telephone number of 3 to 15 digits",
                    )
                })
            })
            .collect::<Result<Vec<E164>, Fault>>()?;
        let ids: Vec<CallId> = self.session_ids.iter().map(|id| call_id(id)).collect();
        Ok(CallFilter {
            tenant: tenant.id,
            from: window.from,
            to: window.to,
            numbers,
            ids,
            ended_only: true,
        })
    }
}

#[cfg(test)]
mod tests {
    use model::TenantId;
    use serde_json::{Value, json};

    use super::*;

    const NOW: i64 = 1_795_219_645;

    #[test]
    fn filters_take_numbers_and_ids_in_every_spelling() {
        let filter = filter(&json!({
            "Phones": ["008613800138000", "13800138001"],
            "SessionIds": ["6bb56a09278740bc80c5dc6dab783eff"],
        }))
        .unwrap();
        assert_eq!(filter.numbers[0].digits(), "8613800138000");
        assert_eq!(filter.numbers[1].digits(), "8613800138001");
        assert_eq!(
            filter.ids[0].as_str(),
            "6bb56a09-2787-40bc-80c5-dc6dab783eff"
        );
        assert!(filter.ended_only);
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (wrong, named) in [
            (json!({"StartTimeStamp": 1_700_000_000}), "`StartTimeStamp`"),
            (json!({"EndTimeStamp": NOW - 61}), "`EndTimeStamp`"),
            (json!({"Phones": ["bob"]}), "`Phones.0`"),
            (json!({"SessionIds": vec!["s"; 101]}), "`SessionIds`"),
        ] {
            let fault = filter(&wrong).unwrap_err();
            assert_eq!(fault.code, "InvalidParameterValue");
            assert!(fault.to_string().contains(named), "{fault}");
        }
    }

    fn filter(changes: &Value) -> Result<CallFilter, Fault> {
        let mut request = json!({
            "StartTimeStamp": NOW - 60, "EndTimeStamp": NOW, "PageSize": 10, "PageNumber": 0,
        });
        for (name, value) in changes.as_object().unwrap() {
            request[name] = value.clone();
        }
        let action: DescribeTelCdr = serde_json::from_value(request).unwrap();
        let tenant = Tenant {
            id: TenantId(1),
            name: String::new(),
            country_code: "86".to_owned(),
            time_zone: "UTC".to_owned(),
            created_at: UnixMs(0),
        };
        action.filter(&tenant, UnixMs::from_seconds(NOW))
    }
}
