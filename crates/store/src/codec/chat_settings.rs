//! Settings of conversations.

use std::time::Duration;

use model::{ChatLimits, ChatSettings, SkillGroupId, TenantId, VoiceAgentId};
use serde::{Deserialize, Serialize};

use super::{document, text};
use crate::StoreError;

/// Settings as they are stored, without secrets.
#[derive(Serialize, Deserialize)]
struct SettingsDoc {
    enabled: bool,
    bot: Option<i64>,
    group: Option<i64>,
    origins: Vec<String>,
    admins: Vec<String>,
    welcome: String,
    nobody_tip: String,
    stream_silence_ms: u64,
    answer_ms: u64,
    customer_silence_ms: u64,
    queue_ms: u64,
    queue_length_max: i64,
    per_staff_max: i64,
    file_bytes_max: i64,
    #[serde(default)]
    wrap_up_ms: u64,
}

/// The stored text of settings; secrets have columns of their own.
pub(crate) fn chat_settings_text(settings: &ChatSettings) -> String {
    let limits = settings.limits;
    text(&SettingsDoc {
        enabled: settings.enabled,
        bot: settings.bot.map(|bot| bot.0),
        group: settings.group.map(|group| group.0),
        origins: settings.origins.clone(),
        admins: settings.admins.clone(),
        welcome: settings.welcome.clone(),
        nobody_tip: settings.nobody_tip.clone(),
        stream_silence_ms: ms(limits.stream_silence_max),
        answer_ms: ms(limits.answer_time_max),
        customer_silence_ms: ms(limits.customer_silence_max),
        queue_ms: ms(limits.queue_time_max),
        queue_length_max: limits.queue_length_max,
        per_staff_max: limits.per_staff_max,
        file_bytes_max: limits.file_bytes_max,
        wrap_up_ms: ms(limits.wrap_up_max),
    })
}

/// The settings in a column, with their opened secrets.
pub(crate) fn chat_settings_of(
    tenant: TenantId,
    body: &str,
    secret: String,
    previous_secret: Option<String>,
) -> Result<ChatSettings, StoreError> {
    let doc: SettingsDoc = document("chat settings", body)?;
    Ok(ChatSettings {
        tenant,
        enabled: doc.enabled,
        bot: doc.bot.map(VoiceAgentId),
        group: doc.group.map(SkillGroupId),
        origins: doc.origins,
        admins: doc.admins,
        welcome: doc.welcome,
        nobody_tip: doc.nobody_tip,
        limits: ChatLimits {
            stream_silence_max: Duration::from_millis(doc.stream_silence_ms),
            answer_time_max: Duration::from_millis(doc.answer_ms),
            customer_silence_max: Duration::from_millis(doc.customer_silence_ms),
            queue_time_max: Duration::from_millis(doc.queue_ms),
            queue_length_max: doc.queue_length_max,
            per_staff_max: doc.per_staff_max,
            file_bytes_max: doc.file_bytes_max,
            wrap_up_max: Duration::from_millis(doc.wrap_up_ms),
        },
        secret,
        previous_secret,
    })
}

fn ms(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
