//! The compatibility page, written from the tables that the code runs on.

use std::fmt::Write;

use api::kernel::Entry;

use crate::{
    ccc::{self, Ccc, Standing},
    definition::{self, Field},
};

/// Where the page is in the repository.
pub const PAGE: &str = "docs/compat/tencent-ccc.md";

const HEAD: &str = "\
# Tencent Cloud Contact Center, `ccc` 2020-02-10

This page is generated from the tables that the server runs on; a test compares them and rewrites
the page when `UPDATE_DOCS=1` is set.

Both signatures of the vendor's clients are verified: TC3-HMAC-SHA256 and v1 (HmacSHA1 and
HmacSHA256), by POST and GET. Every answer is HTTP 200 with a `RequestId`. Temporary credentials
(`Token`) are not issued. `Region` is taken and has no meaning. Multipart bodies are not taken: no
action needs them.

## Codes that every action may answer with

| Code | When |
|---|---|
";

/// Codes that belong to the gateway rather than to an action.
const COMMON: &[(&str, &str)] = &[
    (
        "AuthFailure.InvalidAuthorization",
        "the `Authorization` header is not one of TC3, `SKIP` included, or covers neither `content-type` nor `host`",
    ),
    (
        "AuthFailure.InvalidSecretId",
        "the SecretId does not start with `AKID` or holds other characters than letters, digits, `-` and `_`",
    ),
    (
        "AuthFailure.SecretIdNotFound",
        "no enabled credential has the SecretId",
    ),
    (
        "AuthFailure.SignatureExpire",
        "the time of the request is more than 5 minutes from the server's",
    ),
    (
        "AuthFailure.SignatureFailure",
        "the signature is not the one that the secret key makes of the request",
    ),
    (
        "AuthFailure.TokenFailure",
        "the request has a token of temporary credentials",
    ),
    (
        "AuthFailure.UnauthorizedOperation",
        "the credential is not allowed this instance or this action, and the action has no `FailedOperation.PermissionDenied`",
    ),
    (
        "InternalError",
        "the server failed; the log has the cause under the `RequestId`",
    ),
    ("InvalidAction", "the vendor has no such action"),
    (
        "InvalidParameter",
        "a parameter has the wrong type, or the parameters cannot be read",
    ),
    (
        "InvalidParameterValue.InstanceNotExist",
        "no instance has the `SdkAppId`",
    ),
    (
        "InvalidRequest",
        "the body has another type than JSON or a form, or does not arrive in time",
    ),
    (
        "MissingParameter",
        "a required parameter, common or of the action, is absent",
    ),
    ("NoSuchVersion", "the version is not 2020-02-10"),
    (
        "RequestLimitExceeded",
        "more than the configured requests a second (20) for the action and the instance",
    ),
    (
        "RequestLimitExceeded.IPLimitExceeded",
        "too many wrong signatures came from the address",
    ),
    (
        "RequestSizeLimitExceeded",
        "the request is larger than 10 MB (TC3), 1 MB (v1, and parameters in any case) or 32 KB (GET)",
    ),
    (
        "UnknownParameter",
        "the vendor's definition of the action has no such parameter",
    ),
    (
        "UnsupportedOperation",
        "the action is not built; the tables below say why",
    ),
    ("UnsupportedProtocol", "the method is neither GET nor POST"),
];

/// The page as Markdown.
pub fn page() -> String {
    let mut out = HEAD.to_owned();
    for (code, when) in COMMON {
        row(&mut out, code, when);
    }
    out.push_str("\n## Built\n");
    for entry in ccc::ACTIONS.iter().flat_map(|group| group.iter()) {
        built(&mut out, entry);
    }
    for (standing, title) in [
        (Standing::Planned, "Planned"),
        (Standing::Declined, "Declined"),
    ] {
        let of_it = || {
            ccc::not_built()
                .iter()
                .filter(move |action| action.standing == standing)
        };
        let n_actions = of_it().count();
        let _ = write!(
            out,
            "\n## {title} ({n_actions})\n\n| Action | Reason |\n|---|---|\n"
        );
        for action in of_it() {
            row(&mut out, action.name, action.reason);
        }
    }
    out
}

fn built(out: &mut String, entry: &Entry<Ccc>) {
    let definition = definition::ccc();
    let request = definition.request(entry.name).unwrap_or_default();
    let reply = definition.reply(entry.name).unwrap_or_default();
    let _ = write!(
        out,
        "\n### {}\n\nTakes {}.\n\nGives {}.\n",
        entry.name,
        fields(request, true),
        fields(reply, false)
    );
    out.push_str("\n| Code | When |\n|---|---|\n");
    for reached in entry.refusals {
        row(out, reached.code, reached.when);
    }
}

fn fields(fields: &[Field], mark_required: bool) -> String {
    let mut words: Vec<String> = fields
        .iter()
        .map(|field| {
            let list = if field.list { "[]" } else { "" };
            let need = match (mark_required && field.required, field.disabled) {
                (true, _) => ", required",
                (false, true) => ", old",
                (false, false) => "",
            };
            format!("`{}` ({}{list}{need})", field.name, field.kind.name())
        })
        .collect();
    if !mark_required {
        words.push("`RequestId` (string)".to_owned());
    }
    words.join(", ")
}

fn row(out: &mut String, first: &str, second: &str) {
    let _ = writeln!(out, "| `{first}` | {second} |");
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use super::*;

    #[test]
    fn the_page_in_the_repository_is_the_one_that_the_tables_give() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../..")
            .join(PAGE);
        if std::env::var_os("UPDATE_DOCS").is_some() {
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, page()).unwrap();
        }
        let written = fs::read_to_string(&path).unwrap_or_default();
        assert!(
            written == page(),
            "{PAGE} is out of date; run the test with UPDATE_DOCS=1"
        );
    }
}
