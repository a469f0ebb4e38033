//! Statements that are written together: one transaction, none of whose statements needs to be told
//! what another one gave.
//!
//! PostgreSQL runs them one by one. SQLite gets all of them at once, as the way to the thread of its
//! connection costs more than most statements.

use std::fmt::Write as _;

use crate::{
    Store, StoreError,
    dialect::{Dialect, Safety},
    statement::{Sql, Value, composed_sql, sql},
};

/// Statements, in order.
#[derive(Default)]
pub(crate) struct Together {
    statements: Vec<(&'static str, Vec<Value>)>,
}

impl Together {
    /// One more statement with the values of its placeholders, `$1` and on.
    pub fn add<const N: usize>(&mut self, text: &'static str, values: [Value; N]) {
        self.add_all(text, values.into());
    }

    /// The same where the text has been chosen, and its values with it.
    pub fn add_all(&mut self, text: &'static str, values: Vec<Value>) {
        self.statements.push((text, values));
    }

    /// The whole transaction as one text.
    fn joined(self) -> Sql {
        let mut text = String::from("BEGIN IMMEDIATE; ");
        let mut all = Vec::new();
        for (statement, values) in self.statements {
            renumber(&mut text, statement, all.len());
            text.push_str("; ");
            all.extend(values);
        }
        text.push_str("COMMIT");
        bound(composed_sql(text).kept(), all)
    }
}

/// Writes a statement whose placeholders begin after `n_before`.
fn renumber(text: &mut String, statement: &str, n_before: usize) {
    let mut pieces = statement.split('$');
    text.push_str(pieces.next().unwrap_or_default());
    for piece in pieces {
        let n_digits = piece.bytes().take_while(u8::is_ascii_digit).count();
        let (number, rest) = piece.split_at(n_digits);
        let number = number.parse::<usize>().unwrap_or_default();
        write!(text, "${}{rest}", number + n_before).expect("a String takes every write");
    }
}

fn bound(statement: Sql, values: Vec<Value>) -> Sql {
    values.into_iter().fold(statement, Sql::bind)
}

impl Store {
    /// Writes them all, or none if one fails.
    pub(crate) async fn write_together(
        &self,
        safety: Safety,
        together: Together,
    ) -> Result<(), StoreError> {
        match self.dialect() {
            Dialect::Sqlite => {
                let mut tx = self.writers().reserve(safety).await?;
                together.joined().run(&mut tx).await?;
                tx.has_ended();
                Ok(())
            }
            Dialect::Postgres => {
                let mut tx = self.writers().begin(safety).await?;
                for (text, values) in together.statements {
                    bound(sql(text), values).run(&mut tx).await?;
                }
                tx.commit().await
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_go_on_where_those_before_ended() {
        let mut text = String::new();
        renumber(&mut text, "UPDATE t SET a = $2, b = $10 WHERE c = $1", 3);
        assert_eq!(text, "UPDATE t SET a = $5, b = $13 WHERE c = $4");
    }
}
