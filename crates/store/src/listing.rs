//! A list with conditions: one page of it, and its length.

use std::fmt::Write as _;

use sqlx::{AnyConnection, any::AnyRow};

use crate::{
    Paging, StoreError,
    statement::{Value, composed_sql},
};

/// Most values that one condition may name: both databases take at least 32,766 in a statement.
const VALUES_MAX: usize = 10_000;

/// Rows of one table that meet every condition. Texts are fixed pieces of SQL; values are bound.
pub(crate) struct Listing {
    table: &'static str,
    conditions: String,
    values: Vec<Value>,
    too_long: bool,
}

impl Listing {
    /// All rows of a table, or of a join.
    pub fn of(table: &'static str) -> Self {
        Self {
            table,
            conditions: String::new(),
            values: Vec::new(),
            too_long: false,
        }
    }

    /// Only rows that meet `condition`.
    pub fn when(mut self, condition: &'static str) -> Self {
        self.conditions.push_str(self.joint());
        self.conditions.push_str(condition);
        self
    }

    /// Only rows of which `left` (a column and an operator) and `value` make a true sentence.
    pub fn and(mut self, left: &'static str, value: impl Into<Value>) -> Self {
        self.values.push(value.into());
        let (joint, n) = (self.joint(), self.values.len());
        write!(self.conditions, "{joint}{left} ${n}").expect("a String takes every write");
        self
    }

    /// The same if there is a value; otherwise no condition.
    pub fn and_if(self, left: &'static str, value: Option<impl Into<Value>>) -> Self {
        match value {
            Some(value) => self.and(left, value),
            None => self,
        }
    }

    /// Only rows of which one of `columns` is one of `values`; no condition if there are none.
    pub fn one_of<V: Into<Value>>(
        mut self,
        columns: &[&'static str],
        values: impl IntoIterator<Item = V>,
    ) -> Self {
        let first = self.values.len();
        self.values.extend(values.into_iter().map(Into::into));
        let n = self.values.len() - first;
        if n == 0 {
            return self;
        }
        self.too_long |= n > VALUES_MAX;
        let places: Vec<String> = (first + 1..=first + n).map(|n| format!("${n}")).collect();
        let places = places.join(", ");
        let choices: Vec<String> = columns
            .iter()
            .map(|column| format!("{column} IN ({places})"))
            .collect();
        let joint = self.joint();
        write!(self.conditions, "{joint}({})", choices.join(" OR "))
            .expect("a String takes every write");
        self
    }

    /// Only rows of which `column` is one of `values`: none if there are none, all if it is absent.
    pub fn one_of_these(self, column: &'static str, values: Option<Vec<String>>) -> Self {
        match values {
            None => self,
            Some(values) if values.is_empty() => self.when("1 = 0"),
            Some(values) => self.one_of(&[column], values),
        }
    }

    /// Only rows for which `left` (an expression that ends in `IN`, within one more parenthesis)
    /// holds for one of `values`; no condition if there are none.
    pub fn one_within<V: Into<Value>>(
        mut self,
        left: &'static str,
        values: impl IntoIterator<Item = V>,
    ) -> Self {
        let first = self.values.len();
        self.values.extend(values.into_iter().map(Into::into));
        let n = self.values.len() - first;
        if n == 0 {
            return self;
        }
        self.too_long |= n > VALUES_MAX;
        let places: Vec<String> = (first + 1..=first + n).map(|n| format!("${n}")).collect();
        let (joint, places) = (self.joint(), places.join(", "));
        write!(self.conditions, "{joint}{left} ({places}))").expect("a String takes every write");
        self
    }

    /// One page of `columns` in the order of `order`, and how many rows there are in all.
    pub async fn page(
        self,
        connection: &mut AnyConnection,
        columns: &'static str,
        order: &'static str,
        paging: Paging,
    ) -> Result<(Vec<AnyRow>, i64), StoreError> {
        if self.too_long {
            return Err(StoreError::Misuse {
                why: "too many values in a filter",
            });
        }
        let (table, conditions) = (self.table, &self.conditions);
        let count = format!("SELECT COUNT(*) FROM {table}{conditions}");
        let total = bound(&count, &self.values).number(connection).await?;
        let wanted = i64::from(paging.limit).min(total - i64::from(paging.offset));
        if wanted <= 0 {
            return Ok((Vec::new(), total));
        }
        let n = self.values.len();
        let page = format!(
            "SELECT {columns} FROM {table}{conditions} ORDER BY {order} LIMIT ${} OFFSET ${}",
            n + 1,
            n + 2
        );
        let rows = bound(&page, &self.values)
            .bind(i64::from(paging.limit))
            .bind(i64::from(paging.offset))
            .rows(connection)
            .await?;
        Ok((rows, total))
    }

    fn joint(&self) -> &'static str {
        if self.conditions.is_empty() {
            " WHERE "
        } else {
            " AND "
        }
    }
}

fn bound(text: &str, values: &[Value]) -> crate::statement::Sql {
    values
        .iter()
        .cloned()
        .fold(composed_sql(text.to_owned()), |sql, value| sql.bind(value))
}
