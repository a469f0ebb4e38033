//! Proving to the chat who a customer is: `CreateUserSig`.

use std::time::Duration;

use api::{
    kernel::{Action, Entry, Reached},
    user_sig,
};
use serde::{Deserialize, Serialize};

use super::{Ccc, Context};
use crate::fault::Fault;

pub(super) static ACTIONS: &[Entry<Ccc>] = &[Entry::of::<CreateUserSig>()];

/// Longest life, seconds: the vendor's hour.
const EXPIRED_TIME_MAX: i64 = 3600;

/// Characters of a customer's id.
const UID_CHARS_MAX: usize = 128;

/// Bytes of data beside.
const CLIENT_DATA_BYTES_MAX: usize = 2048;

/// A signature over a customer's id and data.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct CreateUserSig {
    uid: String,
    client_data: String,
    expired_time: Option<i64>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct CreateUserSigResponse {
    user_sig: String,
}

impl Action for CreateUserSig {
    type Dialect = Ccc;
    type Response = CreateUserSigResponse;
    const NAME: &'static str = "CreateUserSig";
    const REFUSALS: &'static [Reached] = &[Reached {
        code: "InvalidParameterValue",
        when: "`Uid` is empty or longer than 128 characters, `ClientData` is longer than 2 KB, or \
               `ExpiredTime` is not 1 to 3600",
    }];

    async fn run(self, context: Context) -> Result<Self::Response, Fault> {
        let n_chars = self.uid.chars().count();
        if !(1..=UID_CHARS_MAX).contains(&n_chars) || self.uid.contains(char::is_control) {
            return Err(Fault::wrong_value("Uid", "it has 1 to 128 characters"));
        }
        if self.client_data.len() > CLIENT_DATA_BYTES_MAX {
            return Err(Fault::wrong_value("ClientData", "it is longer than 2 KB"));
        }
        let seconds = self.expired_time.unwrap_or(EXPIRED_TIME_MAX);
        if !(1..=EXPIRED_TIME_MAX).contains(&seconds) {
            return Err(Fault::wrong_value("ExpiredTime", "it is 1 to 3600"));
        }
        let tenant = context.tenant.id;
        let settings = context.app.chats().settings_or_fresh(tenant).await;
        let settings = settings.map_err(|fault| {
            tracing::error!(error = ?fault, "chat settings are not to be had");
            Fault::internal("InternalError")
        })?;
        let good_for = Duration::from_secs(u64::try_from(seconds).expect("it was compared"));
        Ok(CreateUserSigResponse {
            user_sig: user_sig::make(
                &settings.secret,
                tenant,
                &self.uid,
                Some(self.client_data.as_bytes()),
                good_for,
                context.app.now(),
            ),
        })
    }
}
