//! What was found out about a call after its end: `DescribeAICallExtractResult` and
//! `DescribeAIAnalysisResult`. Until it is found, the lists are empty.

use api::kernel::{Action, Entry, Reached};
use model::{CallEvent, Finding, FindingValue, Review, ReviewKind};
use serde::{Deserialize, Serialize};

use super::{
    Ccc, Context,
    ai_records::{WINDOW_REFUSALS, story, window},
};
use crate::fault::Fault;

pub(super) static ACTIONS: &[Entry<Ccc>] = &[
    Entry::of::<DescribeAiCallExtractResult>(),
    Entry::of::<DescribeAiAnalysisResult>(),
];

/// What was asked for and found.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct DescribeAiCallExtractResult {
    session_id: String,
    start_time: i64,
    end_time: i64,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct DescribeAiCallExtractResultResponse {
    result_list: Vec<AiCallExtractResultElement>,
}

#[derive(Debug, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
struct AiCallExtractResultElement {
    info_type: &'static str,
    info_name: String,
    info_content: String,
    result: AiCallExtractResultInfo,
}

/// All four are there, as in the vendor's sample; the type says which one counts.
#[derive(Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
struct AiCallExtractResultInfo {
    text: String,
    chosen: Vec<String>,
    boolean: bool,
    number: f64,
}

impl Action for DescribeAiCallExtractResult {
    type Dialect = Ccc;
    type Response = DescribeAiCallExtractResultResponse;
    const NAME: &'static str = "DescribeAICallExtractResult";
    const REFUSALS: &'static [Reached] = WINDOW_REFUSALS;

    async fn run(self, context: Context) -> Result<Self::Response, Fault> {
        let bounds = (self.start_time, self.end_time);
        let review = review(&context, &self.session_id, bounds).await?;
        let findings = review.map(|review| review.findings).unwrap_or_default();
        Ok(DescribeAiCallExtractResultResponse {
            result_list: findings.into_iter().map(element).collect(),
        })
    }
}

/// What the call was about.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct DescribeAiAnalysisResult {
    session_id: String,
    start_time: i64,
    end_time: i64,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct DescribeAiAnalysisResultResponse {
    result_list: Vec<AiAnalysisResult>,
}

#[derive(Debug, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
struct AiAnalysisResult {
    r#type: &'static str,
    result: String,
}

impl Action for DescribeAiAnalysisResult {
    type Dialect = Ccc;
    type Response = DescribeAiAnalysisResultResponse;
    const NAME: &'static str = "DescribeAIAnalysisResult";
    const REFUSALS: &'static [Reached] = WINDOW_REFUSALS;

    async fn run(self, context: Context) -> Result<Self::Response, Fault> {
        let bounds = (self.start_time, self.end_time);
        let review = review(&context, &self.session_id, bounds).await?;
        Ok(DescribeAiAnalysisResultResponse {
            result_list: review.map(analysis).unwrap_or_default(),
        })
    }
}

async fn review(
    context: &Context,
    session_id: &str,
    (start, end): (i64, i64),
) -> Result<Option<Review>, Fault> {
    let window = window(start, end, context.app.now())?;
    let (_, events) = story(context, session_id, Some(window)).await?;
    let mut events = events.into_iter().rev();
    Ok(events.find_map(|stamped| match stamped.event {
        CallEvent::Reviewed(review) => Some(review),
        _ => None,
    }))
}

fn analysis(review: Review) -> Vec<AiAnalysisResult> {
    let result = |r#type, result| AiAnalysisResult { r#type, result };
    vec![
        result("summary", review.summary),
        result("mood", review.mood),
        result("intention", review.intention),
    ]
}

fn element(finding: Finding) -> AiCallExtractResultElement {
    let mut result = AiCallExtractResultInfo::default();
    match finding.value {
        FindingValue::Text(text) => result.text = text,
        FindingValue::Chosen(chosen) => result.chosen = chosen,
        FindingValue::YesNo(yes) => result.boolean = yes,
        FindingValue::Number(number) => result.number = number,
    }
    AiCallExtractResultElement {
        info_type: match finding.item.kind {
            ReviewKind::Text { .. } => "Text",
            ReviewKind::Choice { .. } => "Selector",
            ReviewKind::YesNo => "Boolean",
            ReviewKind::Number => "Number",
        },
        info_name: finding.item.name,
        info_content: finding.item.description,
        result,
    }
}

#[cfg(test)]
mod tests {
    use model::ReviewItem;
    use serde_json::json;

    use super::*;
    use crate::{definition, sample::assert_fields};

    #[test]
    fn the_vendors_sample_is_written_as_the_vendor_writes_it() {
        let element = element(interest());
        assert_eq!(
            serde_json::to_value(&element).unwrap(),
            json!({
                "InfoType": "Boolean", "InfoName": "兴趣", "InfoContent": "用户是否对产品感兴趣",
                "Result": {"Text": "", "Chosen": [], "Boolean": true, "Number": 0.0},
            })
        );
    }

    #[test]
    fn every_field_of_the_vendors_answers_is_there_and_no_other() {
        assert_fields(
            &DescribeAiCallExtractResultResponse {
                result_list: vec![element(interest())],
            },
            definition::ccc().reply("DescribeAICallExtractResult"),
        );
        assert_fields(
            &DescribeAiAnalysisResultResponse {
                result_list: analysis(Review::default()),
            },
            definition::ccc().reply("DescribeAIAnalysisResult"),
        );
    }

    fn interest() -> Finding {
        Finding {
            item: ReviewItem {
                name: "兴趣".into(),
                description: "用户是否对产品感兴趣".into(),
                kind: ReviewKind::YesNo,
            },
            value: FindingValue::YesNo(true),
        }
    }
}
