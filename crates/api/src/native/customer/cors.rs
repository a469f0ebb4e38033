//! Which pages may speak with the channel.
//!
//! A browser asks before a page's script sends a token or JSON to another origin. The preflight is
//! answered for every origin, since it cannot say whose chat it is about; whether the page may is
//! decided by `start`, which gives no token to a page of an origin that the instance does not
//! allow. Nothing here is a cookie, so another page can do nothing in a customer's name.

use axum::{
    extract::Request,
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

/// Seconds for which a browser need not ask again.
const MAX_AGE_SECOND: HeaderValue = HeaderValue::from_static("7200");

/// Answers preflights, and lets scripts of other origins read answers.
pub(super) async fn cors(request: Request, next: Next) -> Response {
    let origin = request.headers().get(header::ORIGIN).cloned();
    let is_preflight = request.method() == Method::OPTIONS;
    let mut response = match is_preflight {
        true => StatusCode::NO_CONTENT.into_response(),
        false => next.run(request).await,
    };
    let headers = response.headers_mut();
    headers.append(header::VARY, HeaderValue::from_static("Origin"));
    if let Some(origin) = origin {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        headers.insert(
            header::ACCESS_CONTROL_EXPOSE_HEADERS,
            HeaderValue::from_static("X-Request-Id, Retry-After, Content-Disposition"),
        );
        if is_preflight {
            headers.insert(
                header::ACCESS_CONTROL_ALLOW_METHODS,
                HeaderValue::from_static("GET, POST"),
            );
            headers.insert(
                header::ACCESS_CONTROL_ALLOW_HEADERS,
                HeaderValue::from_static("Authorization, Content-Type, X-File-Name, X-Client-Id"),
            );
            headers.insert(header::ACCESS_CONTROL_MAX_AGE, MAX_AGE_SECOND);
        }
    }
    response
}

/// Whether a page may show the chat: its origin is allowed, or it is ours, or it is no browser.
pub(super) fn is_allowed(headers: &HeaderMap, allowed: &[String]) -> bool {
    let Some(origin) = headers.get(header::ORIGIN) else {
        return true;
    };
    let Ok(origin) = origin.to_str() else {
        return false;
    };
    let host = headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok());
    let is_own = origin.split_once("://").map(|(_, host)| host) == host;
    is_own || allowed.iter().any(|known| known == "*" || known == origin)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own_pages_allowed_pages_and_programs_may() {
        let allowed = ["https://shop.example".to_owned()];
        for (origin, may) in [
            (Some("https://shop.example"), true),
            (Some("http://here:8080"), true),
            (Some("https://shop.example.evil"), false),
            (Some("null"), false),
            (None, true),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::HOST, HeaderValue::from_static("here:8080"));
            if let Some(origin) = origin {
                headers.insert(header::ORIGIN, HeaderValue::from_static(origin));
            }
            assert_eq!(is_allowed(&headers, &allowed), may, "{origin:?}");
        }
    }
}
