//! Names that an instance's Desk secret vouches for.

use clap::Args;
use reqwest::Method;
use serde_json::json;

use super::remote::{Remote, RemoteFlags};
use crate::cli::print;

/// Whom to sign a name for.
#[derive(Args)]
pub struct UserSigArgs {
    #[command(flatten)]
    pub remote: RemoteFlags,
    /// An administrator of the Desk API, or a customer's id.
    identifier: String,
    /// Data to sign beside, such as {"nickName": "Ann"}.
    #[arg(long)]
    data: Option<String>,
    /// How long it is good, in seconds: 180 days at most.
    #[arg(long, default_value_t = 86_400)]
    seconds: u32,
}

/// Prints a signed name, and nothing else: it goes into a variable of a shell.
pub async fn run(args: UserSigArgs) -> anyhow::Result<()> {
    let remote = Remote::new(args.remote)?;
    let body = json!({
        "identifier": args.identifier,
        "data": args.data,
        "good_for_second": args.seconds,
    });
    let request = remote.of_instance(Method::POST, "/chat/user-sigs");
    let signed = remote.answer(request.json(&body)).await?;
    if remote.prints_json() {
        remote.print_one(&signed);
    } else {
        print(signed["user_sig"].as_str().unwrap_or_default());
    }
    Ok(())
}
