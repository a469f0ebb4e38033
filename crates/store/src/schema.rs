//! The schema and its versions.
//!
//! Migrations are numbered from 1 and only ever added. A start applies what is missing in one
//! transaction; a database that knows a newer version is refused, never touched.

use sqlx::AnyConnection;

use crate::{
    StoreError,
    dialect::Dialect,
    statement::{sql, timed},
};

/// Every migration, in order.
const MIGRATIONS: &[&str] = &[
    include_str!("migrations/0001_first.sql"),
    include_str!("migrations/0002_dialogue.sql"),
    include_str!("migrations/0003_staff.sql"),
    include_str!("migrations/0004_chat.sql"),
    include_str!("migrations/0005_campaign.sql"),
    include_str!("migrations/0007_language_models.sql"),
    include_str!("migrations/0008_reviews.sql"),
    include_str!("migrations/0009_extension.sql"),
    include_str!("migrations/0010_outcome.sql"),
    include_str!("migrations/0011_chat_bot.sql"),
    include_str!("migrations/0012_conversation.sql"),
    include_str!("migrations/0013_callout_tasks.sql"),
    include_str!("migrations/0014_speech_services.sql"),
    include_str!("migrations/0015_secure.sql"),
    include_str!("migrations/0017_voice_agent_versions.sql"),
    include_str!("migrations/0018_transcripts.sql"),
    include_str!("migrations/0022_phone_rules.sql"),
    include_str!("migrations/0023_outside_dial.sql"),
    include_str!("migrations/0028_phone_sound.sql"),
    include_str!("migrations/0030_queues.sql"),
    include_str!("migrations/0031_media_timeout.sql"),
];

/// Brings the schema to the newest version, inside the transaction that `connection` is in.
pub(crate) async fn migrate(
    connection: &mut AnyConnection,
    dialect: Dialect,
) -> Result<(), StoreError> {
    sql(dialect.lock_schema()).rows(connection).await?;
    sql("CREATE TABLE IF NOT EXISTS schema_version (version BIGINT PRIMARY KEY)")
        .run(connection)
        .await?;
    let found = sql("SELECT COALESCE(MAX(version), 0) FROM schema_version")
        .number(connection)
        .await?;
    let known = i64::try_from(MIGRATIONS.len()).expect("migrations are few");
    if found > known {
        return Err(StoreError::NewerSchema { found, known });
    }
    for (version, &script) in (1..).zip(MIGRATIONS) {
        if version > found {
            timed(sqlx::raw_sql(script).execute(&mut *connection)).await?;
            sql("INSERT INTO schema_version (version) VALUES ($1)")
                .bind(version)
                .run(connection)
                .await?;
        }
    }
    Ok(())
}
