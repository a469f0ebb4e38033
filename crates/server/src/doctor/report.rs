//! Findings, and how they are told.

use std::process::ExitCode;

use api::native::FindingLevel;
use serde::Serialize;

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// As it should be.
    Good,
    /// Works, but will hurt.
    Warning,
    /// Does not work.
    Broken,
}

/// One thing that was looked at.
#[derive(Clone, Debug, Serialize)]
pub struct Finding {
    /// How bad it is.
    pub level: Level,
    /// What was looked at.
    pub what: String,
    /// What was found.
    pub found: String,
    /// What was expected, and what to do; empty when all is well.
    pub fix: String,
}

/// Everything that was looked at.
#[derive(Debug, Default, Serialize)]
pub struct Report {
    findings: Vec<Finding>,
}

impl Report {
    /// All is well.
    pub fn good(&mut self, what: &str, found: impl Into<String>) {
        self.add(Level::Good, what, found, "");
    }

    /// Works, but will hurt.
    pub fn warn(&mut self, what: &str, found: impl Into<String>, fix: &str) {
        self.add(Level::Warning, what, found, fix);
    }

    /// Does not work.
    pub fn broken(&mut self, what: &str, found: impl Into<String>, fix: &str) {
        self.add(Level::Broken, what, found, fix);
    }

    /// As the native API shows it.
    pub fn shown(self) -> Vec<api::native::Finding> {
        let shown = |finding: Finding| api::native::Finding {
            level: match finding.level {
                Level::Good => FindingLevel::Good,
                Level::Warning => FindingLevel::Warning,
                Level::Broken => FindingLevel::Broken,
            },
            what: finding.what,
            found: finding.found,
            fix: finding.fix,
        };
        self.findings.into_iter().map(shown).collect()
    }

    fn add(&mut self, level: Level, what: &str, found: impl Into<String>, fix: &str) {
        self.findings.push(Finding {
            level,
            what: what.to_owned(),
            found: found.into(),
            fix: fix.to_owned(),
        });
    }

    /// 0 good, 1 warnings, 2 broken.
    pub fn exit_code(&self) -> ExitCode {
        match self.worst() {
            Level::Good => ExitCode::SUCCESS,
            Level::Warning => ExitCode::from(1),
            Level::Broken => ExitCode::from(2),
        }
    }

    fn worst(&self) -> Level {
        self.findings
            .iter()
            .map(|finding| finding.level)
            .max()
            .unwrap_or(Level::Good)
    }

    /// For people: one line each, the fix below it.
    pub fn text(&self) -> String {
        let mut lines = Vec::new();
        for finding in &self.findings {
            let mark = match finding.level {
                Level::Good => "ok    ",
                Level::Warning => "warn  ",
                Level::Broken => "BROKEN",
            };
            lines.push(format!("{mark}  {:<24}  {}", finding.what, finding.found));
            if !finding.fix.is_empty() {
                lines.push(format!("        {:<24}  → {}", "", finding.fix));
            }
        }
        lines.join("\n")
    }

    /// For programs.
    pub fn json(&self) -> String {
        let report = serde_json::json!({"worst": self.worst(), "findings": self.findings});
        serde_json::to_string_pretty(&report).expect("findings are texts")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_finding_decides() {
        let mut report = Report::default();
        assert_eq!(report.worst(), Level::Good);
        report.good("a", "fine");
        report.warn("b", "low", "raise it");
        assert_eq!(report.worst(), Level::Warning);
        report.broken("c", "gone", "bring it back");
        report.good("d", "fine");
        assert_eq!(report.worst(), Level::Broken);
        assert!(report.text().contains("→ bring it back"));
    }
}
