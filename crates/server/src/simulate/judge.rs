//! Whether a conversation was as expected.

use super::scenario::Scenario;

/// What was heard in one call, in the order in which it began.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// What was said and pressed.
    pub lines: Vec<Line>,
    /// Why the call ended, in the words of the native dialect.
    pub cause: String,
    /// When it ended, ms after the answer.
    pub end_ms: i64,
}

/// One thing that was heard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its beginning, ms after the answer.
    pub from_ms: i64,
    /// Its end.
    pub to_ms: i64,
    /// Who.
    pub who: Who,
    /// The words or keys.
    pub text: String,
    /// What the agent did not get to say.
    pub unsaid: String,
}

/// Who was heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// The voice agent.
    Agent,
    /// The caller's voice.
    Caller,
    /// The caller's keys.
    Keys,
}

impl Outcome {
    /// The conversation for people, and for comparison.
    pub fn story(&self) -> Vec<String> {
        let line = |line: &Line| {
            let who = match line.who {
                Who::Agent => "agent ",
                Who::Caller => "caller",
                Who::Keys => "keys  ",
            };
            let unsaid = match line.unsaid.as_str() {
                "" => String::new(),
                unsaid => format!(" [{unsaid}]"),
            };
            format!("{:>7} ms  {who}  {}{unsaid}", line.from_ms, line.text)
        };
        let end = format!("{:>7} ms  end     {}", self.end_ms, self.cause);
        self.lines.iter().map(line).chain([end]).collect()
    }

    /// From the caller's last sound or key before a line to its beginning.
    fn reply_ms(&self, line: &Line) -> Option<i64> {
        let before = self.lines.iter().filter(|it| it.who != Who::Agent);
        let ended = before.map(|it| it.to_ms).filter(|to| *to <= line.from_ms);
        ended.max().map(|ended| line.from_ms - ended)
    }
}

/// What was not as expected, in words.
pub fn faults(scenario: &Scenario, outcome: &Outcome) -> Vec<String> {
    let mut faults = Vec::new();
    let agent: Vec<&Line> = outcome
        .lines
        .iter()
        .filter(|line| line.who == Who::Agent)
        .collect();
    let mut at = 0;
    for expected in &scenario.expect {
        let wanted = expected.agent_says.to_lowercase();
        let found = agent[at..]
            .iter()
            .position(|line| line.text.to_lowercase().contains(&wanted));
        let Some(found) = found else {
            faults.push(format!("the agent never says `{}`", expected.agent_says));
            continue;
        };
        at += found;
        if let Some(max) = expected.within_ms {
            match outcome.reply_ms(agent[at]) {
                Some(ms) if ms <= i64::try_from(max).unwrap_or(i64::MAX) => {}
                Some(ms) => faults.push(format!(
                    "`{}` begins {ms} ms after the caller, not within {max} ms",
                    expected.agent_says
                )),
                None => faults.push(format!(
                    "`{}` follows nothing of the caller",
                    expected.agent_says
                )),
            }
        }
        if let Some(cut) = expected.interrupted
            && cut == agent[at].unsaid.is_empty()
        {
            let was = if cut { "not " } else { "" };
            faults.push(format!("`{}` was {was}interrupted", expected.agent_says));
        }
    }
    for absent in &scenario.absent {
        let wanted = absent.to_lowercase();
        if agent
            .iter()
            .any(|line| line.text.to_lowercase().contains(&wanted))
        {
            faults.push(format!("the agent says `{absent}`"));
        }
    }
    if let Some(ends) = &scenario.ends
        && *ends != outcome.cause
    {
        faults.push(format!("the call ends by {}, not by {ends}", outcome.cause));
    }
    faults
}
