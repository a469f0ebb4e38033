//! The few statements in which SQLite and PostgreSQL differ.

/// Which database it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dialect {
    Sqlite,
    Postgres,
}

/// What a transaction survives once it is acknowledged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Safety {
    /// The death of our process, not of the machine. A later transaction that survives a power
    /// cut makes all earlier ones survive it too, as both databases write one log.
    Kill,
    /// The death of the machine: the log is on disk.
    PowerCut,
}

impl Dialect {
    /// PostgreSQL only, for the session that holds the lock of [`Dialect::OWN`]: the server notices
    /// within half a minute that a machine at the other end is gone.
    pub const OWNER_SETUP: &'static str = "SET tcp_keepalives_idle = 10; \
        SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3";

    /// PostgreSQL only: takes the lock of whoever runs calls, for this session. 1 if that worked.
    /// The numbers are ours alone: `swbd` in ASCII, and a second one for this purpose.
    pub const OWN: &'static str =
        "SELECT CAST(CASE WHEN pg_try_advisory_lock(2004312676, 1) THEN 1 ELSE 0 END AS BIGINT)";

    /// PostgreSQL only: who holds that lock, for people.
    pub const OWNER: &'static str = "SELECT a.application_name || COALESCE(' on ' || \
        host(a.client_addr), '') || ', connected since ' || \
        to_char(a.backend_start, 'YYYY-MM-DD HH24:MI:SS TZ') AS owner \
        FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid \
        WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 2 \
        AND CAST(l.classid AS BIGINT) = 2004312676 AND CAST(l.objid AS BIGINT) = 1 \
        AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())";

    /// Run once on each connection that writes.
    ///
    /// SQLite: WAL, so that readers and the writer do not wait for each other; who writes brings the log in
    /// only where it has grown to 64 MB, as [`checkpoints`](crate::checkpoints) do so before. PostgreSQL: the
    /// server gives up before we do.
    pub fn writer_setup(self) -> &'static str {
        match self {
            Self::Sqlite => {
                "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; \
                 PRAGMA wal_autocheckpoint = 16384; PRAGMA temp_store = MEMORY"
            }
            Self::Postgres => {
                "SET statement_timeout = '6s'; SET lock_timeout = '5s'; \
                 SET idle_in_transaction_session_timeout = '30s'"
            }
        }
    }

    /// Run once on each connection that only reads.
    pub fn reader_setup(self) -> &'static str {
        match self {
            Self::Sqlite => {
                "PRAGMA busy_timeout = 5000; PRAGMA query_only = ON; PRAGMA temp_store = MEMORY"
            }
            Self::Postgres => self.writer_setup(),
        }
    }

    /// What says, before a transaction begins, how durable it and all that follow on its connection are;
    /// SQLite only. It acts when it is prepared, and is not to be kept so.
    pub fn before_begin(self, safety: Safety) -> Option<&'static str> {
        match (self, safety) {
            (Self::Sqlite, Safety::PowerCut) => Some("PRAGMA synchronous = FULL"),
            (Self::Sqlite, Safety::Kill) => Some("PRAGMA synchronous = NORMAL"),
            (Self::Postgres, _) => None,
        }
    }

    /// Starts a transaction that writes. SQLite must take the lock at once: a transaction that
    /// reads first and then writes fails if another wrote in between. PostgreSQL is told within it how
    /// durable it is.
    pub fn begin(self, safety: Safety) -> &'static str {
        match (self, safety) {
            (Self::Sqlite, _) => "BEGIN IMMEDIATE",
            (Self::Postgres, Safety::PowerCut) => "BEGIN",
            (Self::Postgres, Safety::Kill) => "BEGIN; SET LOCAL synchronous_commit = off",
        }
    }

    /// Lets one process at a time change the schema until its transaction ends. SQLite's
    /// transaction is that lock already. The number is ours alone: `swbd` in ASCII.
    pub fn lock_schema(self) -> &'static str {
        match self {
            Self::Sqlite => "SELECT 1",
            Self::Postgres => "SELECT 1 FROM (SELECT pg_advisory_xact_lock(2004312676)) AS locked",
        }
    }

    /// Leases due deliveries: `$1` now, `$2` end of the lease, `$3` most of them. PostgreSQL
    /// passes over rows that another claims at this moment; SQLite has one writer at a time.
    pub fn claim_reviews(self) -> &'static str {
        macro_rules! claim_reviews {
            ($lock:literal) => {
                concat!(
                    "UPDATE review SET leased_until = $2, n_claims = n_claims + 1 \
                     WHERE call_id IN (SELECT r.call_id FROM review r \
                       WHERE r.due_at <= $1 AND r.leased_until <= $1 \
                       ORDER BY r.due_at, r.call_id LIMIT $3",
                    $lock,
                    ") RETURNING call_id, tenant, n_claims"
                )
            };
        }
        match self {
            Self::Sqlite => claim_reviews!(""),
            Self::Postgres => claim_reviews!(" FOR UPDATE OF r SKIP LOCKED"),
        }
    }

    /// As [`Dialect::claim_reviews`], for recordings to be recognized.
    pub fn claim_transcripts(self) -> &'static str {
        macro_rules! claim_transcripts {
            ($lock:literal) => {
                concat!(
                    "UPDATE transcript SET leased_until = $2, n_claims = n_claims + 1 \
                     WHERE call_id IN (SELECT t.call_id FROM transcript t \
                       WHERE t.state = 'due' AND t.due_at <= $1 AND t.leased_until <= $1 \
                       ORDER BY t.due_at, t.call_id LIMIT $3",
                    $lock,
                    ") RETURNING call_id, tenant, n_claims"
                )
            };
        }
        match self {
            Self::Sqlite => claim_transcripts!(""),
            Self::Postgres => claim_transcripts!(" FOR UPDATE OF t SKIP LOCKED"),
        }
    }

    /// As [`Dialect::claim_reviews`], for pushes.
    pub fn claim_due(self) -> &'static str {
        macro_rules! claim_due {
            ($lock:literal) => {
                concat!(
                    "UPDATE delivery SET leased_until = $2, n_claims = n_claims + 1 \
                     WHERE id IN (SELECT d.id FROM delivery d \
                       WHERE d.state = 'due' AND d.due_at <= $1 AND d.leased_until <= $1 \
                       AND NOT EXISTS (SELECT 1 FROM delivery older \
                         WHERE older.state = 'due' AND older.endpoint = d.endpoint \
                         AND older.call_id = d.call_id AND older.topic = d.topic \
                         AND older.id < d.id) \
                       ORDER BY d.id LIMIT $3",
                    $lock,
                    ") RETURNING id, endpoint, tenant, call_id, topic, uuid, body, state, due_at, \
                     n_attempts, created_at, n_claims"
                )
            };
        }
        match self {
            Self::Sqlite => claim_due!(""),
            Self::Postgres => claim_due!(" FOR UPDATE OF d SKIP LOCKED"),
        }
    }
}
