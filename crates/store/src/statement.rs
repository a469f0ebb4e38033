//! One SQL statement: its arguments, its deadline, and what its failure means.

use std::{error::Error as _, future::Future};

use sqlx::{
    Any, AnyConnection, AssertSqlSafe, Row as _,
    any::{AnyArguments, AnyRow},
    error::{DatabaseError, ErrorKind},
    query::Query,
};

use crate::{StoreError, database::DEADLINE};

/// A statement with its arguments.
pub(crate) struct Sql {
    query: Query<'static, Any, AnyArguments>,
    /// PostgreSQL cannot store NUL in text; neither database gets one, so that both agree.
    holds_nul: bool,
}

/// A statement whose text is fixed; it is prepared once a connection.
pub(crate) fn sql(text: &'static str) -> Sql {
    Sql {
        query: sqlx::query(text),
        holds_nul: false,
    }
}

/// A statement put together from fixed pieces. `text` must hold no value from outside; values are
/// bound. It is not kept prepared, as there are too many shapes of it.
pub(crate) fn composed_sql(text: String) -> Sql {
    Sql {
        query: sqlx::query(AssertSqlSafe(text)).persistent(false),
        holds_nul: false,
    }
}

/// A value that a statement may be given.
#[derive(Clone, Debug)]
pub(crate) enum Value {
    Int(i64),
    Text(String),
    NoInt,
    NoText,
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Int(value.into())
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}

impl From<String> for Value {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}

impl From<Option<i64>> for Value {
    fn from(value: Option<i64>) -> Self {
        value.map_or(Self::NoInt, Self::Int)
    }
}

impl From<Option<String>> for Value {
    fn from(value: Option<String>) -> Self {
        value.map_or(Self::NoText, Self::Text)
    }
}

impl Sql {
    /// Keeps it prepared after all: there are few shapes of it.
    pub fn kept(mut self) -> Self {
        self.query = self.query.persistent(true);
        self
    }

    /// Gives the next placeholder its value.
    pub fn bind(mut self, value: impl Into<Value>) -> Self {
        self.query = match value.into() {
            Value::Int(value) => self.query.bind(value),
            Value::Text(value) => {
                self.holds_nul |= value.contains('\0');
                self.query.bind(value)
            }
            Value::NoInt => self.query.bind(None::<i64>),
            Value::NoText => self.query.bind(None::<String>),
        };
        self
    }

    /// Runs it. Gives how many rows it changed.
    pub async fn run(self, connection: &mut AnyConnection) -> Result<u64, StoreError> {
        let query = self.checked()?;
        Ok(timed(query.execute(connection)).await?.rows_affected())
    }

    /// Runs an insertion; `taken` says what is wrong if something with the same key is there.
    pub async fn insert(
        self,
        connection: &mut AnyConnection,
        taken: &'static str,
    ) -> Result<(), StoreError> {
        match self.run(connection).await {
            Ok(_) => Ok(()),
            Err(StoreError::Conflict { .. }) => Err(StoreError::Conflict { what: taken.into() }),
            Err(other) => Err(other),
        }
    }

    /// Runs a change of one thing; `what` is missing if no row changed.
    pub async fn change(
        self,
        connection: &mut AnyConnection,
        what: &'static str,
    ) -> Result<(), StoreError> {
        match self.run(connection).await? {
            0 => Err(StoreError::NotFound { what }),
            _ => Ok(()),
        }
    }

    /// The row of one thing; `what` is missing if there is none.
    pub async fn found(
        self,
        connection: &mut AnyConnection,
        what: &'static str,
    ) -> Result<AnyRow, StoreError> {
        self.row(connection)
            .await?
            .ok_or(StoreError::NotFound { what })
    }

    /// All rows that it gives.
    pub async fn rows(self, connection: &mut AnyConnection) -> Result<Vec<AnyRow>, StoreError> {
        let query = self.checked()?;
        timed(query.fetch_all(connection)).await
    }

    /// The row that it gives, if any.
    pub async fn row(self, connection: &mut AnyConnection) -> Result<Option<AnyRow>, StoreError> {
        let query = self.checked()?;
        timed(query.fetch_optional(connection)).await
    }

    /// The number in the first column of its only row, as of a count.
    pub async fn number(self, connection: &mut AnyConnection) -> Result<i64, StoreError> {
        let row = self.row(connection).await?;
        row.map_or(Ok(0), |row| row.try_get(0).map_err(failed))
    }

    fn checked(self) -> Result<Query<'static, Any, AnyArguments>, StoreError> {
        if self.holds_nul {
            return Err(StoreError::Misuse {
                why: "text holds a NUL character",
            });
        }
        Ok(self.query)
    }
}

/// Waits for the database, but no longer than [`DEADLINE`].
pub(crate) async fn timed<T>(
    work: impl Future<Output = Result<T, sqlx::Error>>,
) -> Result<T, StoreError> {
    match tokio::time::timeout(DEADLINE, work).await {
        Ok(done) => done.map_err(failed),
        Err(_) => Err(StoreError::Unavailable {
            why: format!("no answer within {DEADLINE:?}"),
            source: None,
        }),
    }
}

/// What a failure of the driver means to us.
pub(crate) fn failed(error: sqlx::Error) -> StoreError {
    if let sqlx::Error::Database(refusal) = &error {
        return match meaning(refusal.as_ref()) {
            Meaning::Taken => StoreError::Conflict {
                what: "it is there already".into(),
            },
            Meaning::Busy => StoreError::Busy(error),
            Meaning::Down => unavailable(error),
            Meaning::Damaged => StoreError::Corrupt {
                what: "database file",
                source: Some(Box::new(error)),
            },
            Meaning::Ours => StoreError::Statement(error),
        };
    }
    let down = matches!(
        error,
        sqlx::Error::Io(_)
            | sqlx::Error::Tls(_)
            | sqlx::Error::PoolTimedOut
            | sqlx::Error::PoolClosed
            | sqlx::Error::WorkerCrashed
            | sqlx::Error::BeginFailed
            | sqlx::Error::InvalidSavePointStatement
    );
    if down {
        return unavailable(error);
    }
    match error {
        sqlx::Error::Configuration(why) => StoreError::Address {
            why: why.to_string(),
        },
        other => StoreError::Statement(other),
    }
}

fn unavailable(error: sqlx::Error) -> StoreError {
    let why = error
        .source()
        .map_or_else(|| error.to_string(), ToString::to_string);
    StoreError::Unavailable {
        why,
        source: Some(error),
    }
}

enum Meaning {
    Taken,
    Busy,
    Down,
    Damaged,
    Ours,
}

/// SQLite gives decimal result codes, whose low byte is the kind (sqlite.org/rescode.html);
/// PostgreSQL gives five characters, whose first two are the class (its manual, appendix A).
fn meaning(refusal: &dyn DatabaseError) -> Meaning {
    if matches!(refusal.kind(), ErrorKind::UniqueViolation) {
        return Meaning::Taken;
    }
    let Some(code) = refusal.code() else {
        return Meaning::Ours;
    };
    if code.len() < 5 {
        return match code.parse::<u32>().map_or(0, |code| code & 0xff) {
            // BUSY, LOCKED
            5 | 6 => Meaning::Busy,
            // PERM, READONLY, IOERR, FULL, CANTOPEN
            3 | 8 | 10 | 13 | 14 => Meaning::Down,
            // CORRUPT, NOTADB
            11 | 26 => Meaning::Damaged,
            _ => Meaning::Ours,
        };
    }
    match &*code {
        // Serialization failure, deadlock, lock not available, statement timeout.
        "40001" | "40P01" | "55P03" | "57014" => Meaning::Busy,
        // Read-only transaction: a standby.
        "25006" | "25P03" => Meaning::Down,
        "XX001" | "XX002" => Meaning::Damaged,
        // Connection, credentials, unknown database, resources, operator, system error.
        other
            if ["08", "28", "3D", "53", "57", "58"]
                .iter()
                .any(|class| other.starts_with(class)) =>
        {
            Meaning::Down
        }
        _ => Meaning::Ours,
    }
}

/// Reading columns by name.
pub(crate) trait Columns {
    /// A number.
    fn int(&self, column: &str) -> Result<i64, StoreError>;
    /// A number or NULL.
    fn int_or_null(&self, column: &str) -> Result<Option<i64>, StoreError>;
    /// A text.
    fn text(&self, column: &str) -> Result<String, StoreError>;
    /// A text or NULL.
    fn text_or_null(&self, column: &str) -> Result<Option<String>, StoreError>;

    /// A flag.
    fn flag(&self, column: &str) -> Result<bool, StoreError> {
        Ok(self.int(column)? != 0)
    }
}

impl Columns for AnyRow {
    fn int(&self, column: &str) -> Result<i64, StoreError> {
        self.try_get(column).map_err(unreadable)
    }

    fn int_or_null(&self, column: &str) -> Result<Option<i64>, StoreError> {
        self.try_get(column).map_err(unreadable)
    }

    fn text(&self, column: &str) -> Result<String, StoreError> {
        self.try_get(column).map_err(unreadable)
    }

    fn text_or_null(&self, column: &str) -> Result<Option<String>, StoreError> {
        self.try_get(column).map_err(unreadable)
    }
}

fn unreadable(error: sqlx::Error) -> StoreError {
    StoreError::Corrupt {
        what: "column",
        source: Some(Box::new(error)),
    }
}
