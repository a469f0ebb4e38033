//! The compatibility page, written from the tables that the code runs on.

use std::fmt::Write;

use api::kernel::Entry;

use crate::{
    definition::{self, Field},
    outboundbot::{self, OutboundBot, Standing},
};

/// Where the page is in the repository.
pub const OUTBOUNDBOT_PAGE: &str = "docs/compat/aliyun-outboundbot.md";

const HEAD: &str = "\
# Alibaba Cloud outbound robot, `OutboundBot` 2019-12-26

This page is generated from the tables that the server runs on; a test compares them and rewrites
the page when `UPDATE_DOCS=1` is set. How a voice agent becomes a robot is told in
[dialogue.md](../dialogue.md).

Signature v1 (HMAC-SHA1; HMAC-SHA256 is ours) and ACS3-HMAC-SHA256 are verified, by GET and POST, in
query and form. ACS3-HMAC-SM3, RSA keys, bearer tokens and temporary credentials are not taken. JSON
or XML is answered as `Format` says; without it XML to v1 and JSON to ACS3. Every answer has a
`RequestId`. `RegionId` is taken and has no meaning. Parameters that an action does not have are
passed over. `InstanceId` is an instance's number or a name that was given to it.

## Codes that every action may answer with

| Code | HTTP | When |
|---|---|---|
";

/// Codes that belong to the gateway rather than to an action.
const COMMON: &[(&str, u16, &str)] = &[
    (
        "Forbidden.RAM",
        403,
        "the credential is not allowed this action",
    ),
    (
        "IncompleteSignature",
        400,
        "the signature covers too little, or the body is not the one that was hashed",
    ),
    (
        "InternalError",
        500,
        "the server failed; the log has the cause under the `RequestId`",
    ),
    (
        "Invalid…",
        400,
        "a parameter has a value that it cannot have; the code names it",
    ),
    (
        "InvalidAccessKeyId.Inactive",
        400,
        "the credential is disabled",
    ),
    (
        "InvalidAccessKeyId.NotFound",
        404,
        "no credential has this id",
    ),
    (
        "InvalidAction.NotFound",
        404,
        "the vendor has no such action",
    ),
    (
        "InvalidParameter.Format",
        400,
        "the parameters cannot be decoded, or one is given twice",
    ),
    (
        "InvalidSecurityToken.NotFound",
        400,
        "the request has a token of temporary credentials",
    ),
    (
        "InvalidSignatureMethod",
        400,
        "the signature has another method",
    ),
    (
        "InvalidTimeStamp.Expired",
        400,
        "the time of the request is more than 15 minutes from the server's",
    ),
    (
        "InvalidTimeStamp.Format",
        400,
        "the time is not `YYYY-MM-DDThh:mm:ssZ`",
    ),
    (
        "InvalidVersion",
        400,
        "the version is neither 2019-12-26 nor 2018-06-12",
    ),
    (
        "Missing…",
        400,
        "a required parameter is absent; the code names it",
    ),
    (
        "NotExist.Instance",
        404,
        "no instance has the `InstanceId`, or the credential may do nothing for it",
    ),
    (
        "RequestEntityTooLarge",
        413,
        "the body is larger than 1 MB or the query larger than 64 KB",
    ),
    (
        "ServiceUnavailable",
        503,
        "the database does not answer; the same request may succeed later",
    ),
    (
        "SignatureDoesNotMatch",
        400,
        "the signature is another one; the message ends with the server's string to sign",
    ),
    ("SignatureNonceUsed", 400, "the request was here before"),
    (
        "Throttling.Api",
        400,
        "more requests than the server can take wait; `x-acs-retry-after` says how long to wait",
    ),
    (
        "Throttling.User",
        400,
        "more than the configured requests a second (20) for the action and the instance, conversations excepted; or too many wrong signatures from the address",
    ),
    (
        "UnsupportedHTTPMethod",
        400,
        "the method is neither GET nor POST",
    ),
    (
        "UnsupportedOperation",
        400,
        "the action is not built; the tables below say why",
    ),
];

/// The page as Markdown.
pub fn page() -> String {
    let mut out = HEAD.to_owned();
    for (code, status, when) in COMMON {
        let _ = writeln!(out, "| `{code}` | {status} | {when} |");
    }
    out.push_str("\n## Built\n");
    for entry in outboundbot::ACTIONS.iter().flat_map(|group| group.iter()) {
        built(&mut out, entry);
    }
    for (standing, title) in [
        (Standing::Planned, "Planned"),
        (Standing::Declined, "Declined"),
    ] {
        let of_it = || {
            outboundbot::not_built()
                .iter()
                .filter(move |action| action.standing == standing)
        };
        let n_actions = of_it().count();
        let _ = write!(
            out,
            "\n## {title} ({n_actions})\n\n| Action | Reason |\n|---|---|\n"
        );
        for action in of_it() {
            let _ = writeln!(out, "| `{}` | {} |", action.name, action.reason);
        }
    }
    out
}

fn built(out: &mut String, entry: &Entry<OutboundBot>) {
    let request = definition::request(entry.name).unwrap_or_default();
    let _ = write!(out, "\n### {}\n\nTakes {}.\n", entry.name, fields(request));
    if entry.refusals.is_empty() {
        return;
    }
    out.push_str("\n| Code | When |\n|---|---|\n");
    for reached in entry.refusals {
        let _ = writeln!(out, "| `{}` | {} |", reached.code, reached.when);
    }
}

fn fields(fields: &[Field]) -> String {
    let words: Vec<String> = fields
        .iter()
        .map(|field| {
            let list = if field.list { "[]" } else { "" };
            let need = if field.required { ", required" } else { "" };
            format!("`{}` ({}{list}{need})", field.name, field.kind.name())
        })
        .collect();
    if words.is_empty() {
        "nothing".to_owned()
    } else {
        words.join(", ")
    }
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use super::*;

    #[test]
    fn the_page_in_the_repository_is_the_one_that_the_tables_give() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../..")
            .join(OUTBOUNDBOT_PAGE);
        if std::env::var_os("UPDATE_DOCS").is_some() {
            fs::write(&path, page()).unwrap();
        }
        let written = fs::read_to_string(&path).unwrap_or_default();
        assert!(
            written == page(),
            "{OUTBOUNDBOT_PAGE} is out of date; run the test with UPDATE_DOCS=1"
        );
    }
}
