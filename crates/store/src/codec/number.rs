//! What else is written down of a number.

use model::{CalleeFormat, NumberLine, NumberSettings};
use serde::{Deserialize, Serialize};

use super::{document, text};
use crate::StoreError;

#[derive(Serialize, Deserialize)]
struct NumberDoc {
    callback_url: Option<String>,
    outbound_only: bool,
    calls_max: Option<u32>,
    calls_per_second_max: Option<u32>,
    callee_prefix: String,
    callee_format: Option<FormatDoc>,
    carrier_number: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum FormatDoc {
    PlusE164,
    E164,
}

/// The document of what is written down of a number.
pub(crate) fn number_settings_text(settings: &NumberSettings) -> String {
    let line = &settings.line;
    text(&NumberDoc {
        callback_url: settings.callback_url.clone(),
        outbound_only: line.outbound_only,
        calls_max: line.calls_max,
        calls_per_second_max: line.calls_per_second_max,
        callee_prefix: line.callee_prefix.clone(),
        callee_format: line.callee_format.map(|format| match format {
            CalleeFormat::PlusE164 => FormatDoc::PlusE164,
            CalleeFormat::E164 => FormatDoc::E164,
        }),
        carrier_number: line.carrier_number.clone(),
    })
}

/// What is written down of a number in a document.
pub(crate) fn number_settings_of(body: &str) -> Result<NumberSettings, StoreError> {
    let doc: NumberDoc = document("number settings", body)?;
    Ok(NumberSettings {
        callback_url: doc.callback_url,
        line: NumberLine {
            outbound_only: doc.outbound_only,
            calls_max: doc.calls_max,
            calls_per_second_max: doc.calls_per_second_max,
            callee_prefix: doc.callee_prefix,
            callee_format: doc.callee_format.map(|format| match format {
                FormatDoc::PlusE164 => CalleeFormat::PlusE164,
                FormatDoc::E164 => CalleeFormat::E164,
            }),
            carrier_number: doc.carrier_number,
        },
    })
}
