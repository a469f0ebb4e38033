//! `CreateSDKLoginToken`: a token that signs a staff member in on a page of the customer's own.
//!
//! The vendor's token is for its browser SDK. Ours is for the script that `SdkURL` names: loaded with
//! the token in `data-token`, it opens the workspace with that person signed in. What the vendor's
//! script does beside that (calls in the page itself) is not there.

use std::time::Duration;

use api::kernel::{Action, Entry, Reached};
use serde::{Deserialize, Serialize};

use super::{
    Ccc, Context,
    staff::{DATABASE, DENIED, NO_ACCOUNT, own_staff},
};
use crate::fault::Fault;

pub(super) static ACTIONS: &[Entry<Ccc>] = &[Entry::of::<CreateSdkLoginToken>()];

/// How long a token is good. The vendor names no time; a page asks for one when it is opened.
const TOKEN_TTL: Duration = Duration::from_secs(10 * 60);

/// Where the script is.
const SCRIPT: &str = "/chat/workspace.js";

/// Good until it expires, or for one time.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct CreateSdkLoginToken {
    seat_user_id: String,
    #[serde(default)]
    only_once: bool,
}

#[derive(Serialize)]
struct CreateSdkLoginTokenResponse {
    #[serde(rename = "Token")]
    token: String,
    #[serde(rename = "ExpiredTime")]
    expired_time: i64,
    #[serde(rename = "SdkURL")]
    sdk_url: String,
}

impl Action for CreateSdkLoginToken {
    type Dialect = Ccc;
    type Response = CreateSdkLoginTokenResponse;
    const NAME: &'static str = "CreateSDKLoginToken";
    const REFUSALS: &'static [Reached] = &[NO_ACCOUNT, DENIED, DATABASE];

    async fn run(self, context: Context) -> Result<Self::Response, Fault> {
        let staff = own_staff(&context, &self.seat_user_id).await?;
        let (token, expires_at) = context
            .app
            .sign_in_token(staff.id, self.only_once, TOKEN_TTL)
            .await?;
        let base = &context.app.settings().public_url;
        Ok(CreateSdkLoginTokenResponse {
            token,
            expired_time: expires_at.seconds(),
            sdk_url: format!("{base}{SCRIPT}"),
        })
    }
}
