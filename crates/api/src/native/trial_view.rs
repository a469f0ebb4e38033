//! What came of trying a language model, on the wire.

use std::time::Duration;

use app::language_model::Trial;
use schemars::JsonSchema;
use serde::Serialize;

/// The first word must come within this time for a reply within a second: the rest is for
/// endpointing, the recognizer and the speaker.
const FIRST_TOKEN_BUDGET: Duration = Duration::from_millis(450);

/// What came of trying a language model.
#[derive(Serialize, JsonSchema)]
pub(super) struct TrialView {
    /// Questions asked.
    questions: u32,
    /// Questions without an answer.
    failed: u32,
    /// Half of the first words came within this time.
    first_token_p50_ms: Option<f64>,
    /// Nine of ten first words came within this time.
    first_token_p90_ms: Option<f64>,
    /// Pieces of an answer a second, after the first one; most servers send a token a piece.
    pieces_per_second: Option<f64>,
    /// Whether answers come in pieces.
    streaming: Option<bool>,
    /// Whether it called the tool that it was asked to call.
    tool_calls: Option<bool>,
    /// Whether it answered in Chinese when asked in Chinese.
    chinese: Option<bool>,
    /// The first word must come within this time for a reply within a second.
    first_token_budget_ms: f64,
    /// Whether nine of ten do.
    fast_enough: Option<bool>,
    /// Why the last question without an answer has none.
    fault: Option<String>,
}

impl TrialView {
    pub(super) fn of(trial: Trial) -> Self {
        let p90 = trial.first_token(90);
        let seconds = trial.streaming.as_secs_f64();
        Self {
            questions: trial.n_questions,
            failed: trial.n_failed,
            first_token_p50_ms: trial.first_token(50).map(ms),
            first_token_p90_ms: p90.map(ms),
            pieces_per_second: (seconds > 0.0)
                .then(|| (f64::from(trial.n_pieces) / seconds * 10.0).round() / 10.0),
            streaming: trial.streams,
            tool_calls: trial.calls_tools,
            chinese: trial.speaks_chinese,
            first_token_budget_ms: ms(FIRST_TOKEN_BUDGET),
            fast_enough: p90.map(|p90| p90 < FIRST_TOKEN_BUDGET),
            fault: trial.fault,
        }
    }
}

/// Milliseconds with one decimal.
fn ms(duration: Duration) -> f64 {
    (duration.as_secs_f64() * 10_000.0).round() / 10.0
}
