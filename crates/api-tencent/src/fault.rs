//! Errors as they go on the wire: the vendor's code and a sentence in the caller's language.
//!
//! The sentences of the gateway are the vendor's own where they are known; the others say in the
//! same manner what has to be changed. Refusals of the centre get their code in `ccc::code`.

use std::borrow::Cow;

/// The language of messages, from `X-TC-Language` (signature v1: `Language`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// `en-US`, and anything that is not Chinese.
    #[default]
    English,
    /// `zh-CN`.
    Chinese,
}

impl Language {
    /// The language that a tag names; English if it names none that we speak.
    pub fn of(tag: Option<&str>) -> Self {
        match tag {
            Some(tag)
                if tag
                    .get(..2)
                    .is_some_and(|two| two.eq_ignore_ascii_case("zh")) =>
            {
                Self::Chinese
            }
            Some(_) | None => Self::English,
        }
    }
}

/// An error that has its code; the language is chosen when it is written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {english}")]
pub struct Fault {
    /// The vendor's code.
    pub code: &'static str,
    english: Cow<'static, str>,
    chinese: Cow<'static, str>,
}

impl Fault {
    /// A fault with its sentence in both languages.
    pub fn new(
        code: &'static str,
        english: impl Into<Cow<'static, str>>,
        chinese: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self {
            code,
            english: english.into(),
            chinese: chinese.into(),
        }
    }

    /// The sentence in `language`.
    pub fn message(&self, language: Language) -> &str {
        match language {
            Language::English => &self.english,
            Language::Chinese => &self.chinese,
        }
    }

    /// A required parameter, common or not, is not there.
    pub fn missing(name: &str) -> Self {
        Self::new(
            "MissingParameter",
            format!("The request is missing a required parameter `{name}`."),
            format!("请求缺少必要参数 `{name}`。"),
        )
    }

    /// A parameter has a type other than the vendor's definition gives it.
    pub fn wrong_type(name: &str, expected: &str) -> Self {
        Self::new(
            "InvalidParameter",
            format!(
                "The value type of parameter `{name}` is not valid, input type should be `{expected}`."
            ),
            format!("参数 `{name}` 的类型不正确，应为 `{expected}`。"),
        )
    }

    /// A parameter has the right type and a value that cannot be.
    pub fn wrong_value(name: &str, why: &str) -> Self {
        Self::new(
            "InvalidParameterValue",
            format!("The value of parameter `{name}` is not valid: {why}."),
            format!("参数 `{name}` 的取值不正确：{why}。"),
        )
    }

    /// The vendor's definition of the action has no such parameter.
    pub fn unknown_parameter(name: &str) -> Self {
        Self::new(
            "UnknownParameter",
            format!("The parameter `{name}` is not recognized."),
            format!("参数 `{name}` 无法识别。"),
        )
    }

    /// The parameters cannot be read at all.
    pub fn unreadable(why: &str) -> Self {
        Self::new(
            "InvalidParameter",
            format!("The parameters of the request cannot be read: {why}."),
            format!("无法解析请求参数：{why}。"),
        )
    }

    /// No signature could be made out in the request.
    pub fn invalid_authorization(why: &str) -> Self {
        Self::new(
            "AuthFailure.InvalidAuthorization",
            format!("The `Authorization` of the request is not valid: {why}."),
            format!("请求的 `Authorization` 不符合规范：{why}。"),
        )
    }

    /// The signature is not the one that the secret key makes of this request.
    pub fn signature_failure() -> Self {
        Self::new(
            "AuthFailure.SignatureFailure",
            "The provided credentials could not be validated. Please check your signature is correct.",
            "签名错误。签名计算错误，请对照调用方式中的签名方法文档检查签名计算过程。",
        )
    }

    /// The time of the request is more than five minutes away from ours.
    pub fn signature_expire() -> Self {
        Self::new(
            "AuthFailure.SignatureExpire",
            "The signature is expired, please request again.",
            "签名过期。请求时间和服务器时间相差不得超过五分钟，请检查本地时间是否与标准时间同步。",
        )
    }

    /// No enabled credential has this id.
    pub fn secret_id_not_found() -> Self {
        Self::new(
            "AuthFailure.SecretIdNotFound",
            "The SecretId is not found, please ensure that your SecretId is correct.",
            "密钥不存在。请检查密钥是否已被删除或者禁用，并确认 SecretId 填写正确。",
        )
    }

    /// The text cannot be the id of a credential.
    pub fn invalid_secret_id() -> Self {
        Self::new(
            "AuthFailure.InvalidSecretId",
            "The SecretId is not valid: it starts with `AKID` and holds letters and digits only.",
            "密钥非法：SecretId 应以 `AKID` 开头，且仅包含字母和数字。",
        )
    }

    /// Temporary credentials carry a token; none are issued here.
    pub fn token_failure() -> Self {
        Self::new(
            "AuthFailure.TokenFailure",
            "The token is not valid: temporary credentials are not issued here.",
            "token 错误：此处不签发临时密钥。",
        )
    }

    /// The credential may not do this.
    pub fn unauthorized() -> Self {
        Self::new(
            "AuthFailure.UnauthorizedOperation",
            "The credential is not authorized to call this action for this instance.",
            "请求未授权：该密钥无权对此实例调用此接口。",
        )
    }

    /// `Action` names nothing.
    pub fn invalid_action() -> Self {
        Self::new(
            "InvalidAction",
            "The request `Action` is invalid or not found.",
            "接口不存在。",
        )
    }

    /// `Version` names nothing.
    pub fn no_such_version() -> Self {
        Self::new(
            "NoSuchVersion",
            "The request `Version` is invalid or not found.",
            "接口版本不存在。",
        )
    }

    /// A method other than GET and POST.
    pub fn unsupported_protocol() -> Self {
        Self::new(
            "UnsupportedProtocol",
            "The HTTP method is not supported: only GET and POST are.",
            "HTTP(S)请求协议错误，只支持 GET 和 POST 请求。",
        )
    }

    /// The request is larger than `limit` allows.
    pub fn too_large(limit: &str) -> Self {
        Self::new(
            "RequestSizeLimitExceeded",
            format!("The size of the request exceeds the limit of {limit}."),
            format!("请求包超过限制大小（{limit}）。"),
        )
    }

    /// The request is not one that this API has.
    pub fn invalid_request(why: &str) -> Self {
        Self::new(
            "InvalidRequest",
            format!("The request is not valid: {why}."),
            format!("请求错误：{why}。"),
        )
    }

    /// Too many requests in this second for this action and instance.
    pub fn too_many_requests(action: &str) -> Self {
        Self::new(
            "RequestLimitExceeded",
            format!(
                "Your current request times of `{action}` in a second exceed the frequency limit, please try again later."
            ),
            format!("您当前每秒请求 `{action}` 的次数超过了每秒频率上限，请稍后重试。"),
        )
    }

    /// Too many wrong signatures from one address.
    pub fn too_many_guesses() -> Self {
        Self::new(
            "RequestLimitExceeded.IPLimitExceeded",
            "Too many requests with a wrong signature came from your address, please try again later.",
            "来自您的 IP 的签名错误请求过多，请稍后重试。",
        )
    }

    /// We failed; the cause is in the log under the same request id.
    pub fn internal(code: &'static str) -> Self {
        Self::new(
            code,
            "An internal error occurred. Please try again later, or look up the RequestId in the server's log.",
            "内部错误。请稍后重试，或在服务端日志中查找该 RequestId。",
        )
    }
}

/// Parameters that pass the definition and still do not fit the action: a value out of the range
/// of its Rust type.
impl From<serde_json::Error> for Fault {
    fn from(error: serde_json::Error) -> Self {
        Self::unreadable(&error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_is_spoken_to_those_who_ask_for_it_and_english_to_all_others() {
        for (tag, language) in [
            (Some("zh-CN"), Language::Chinese),
            (Some("ZH-tw"), Language::Chinese),
            (Some("en-US"), Language::English),
            (Some("ja"), Language::English),
            (Some("é"), Language::English),
            (None, Language::English),
        ] {
            assert_eq!(Language::of(tag), language, "{tag:?}");
        }
    }

    #[test]
    fn the_sentence_of_a_wrong_signature_is_the_vendors() {
        assert_eq!(
            Fault::signature_failure().message(Language::English),
            "The provided credentials could not be validated. Please check your signature is correct."
        );
    }
}
