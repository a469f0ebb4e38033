//! The web front end: console, workspace, set-up page and chat widget, out of the program itself.
//!
//! Nothing is read from disk and nothing is fetched from elsewhere. Files whose name holds a hash
//! never change and are kept by browsers; pages are asked for again each time, by their tag.
//!
//! # Invariants
//!
//! - Pages run under a policy that allows this server only, without inline scripts and styles.
//! - Every path below `/console` and `/work` is the page: the page finds its way by the address.

use std::sync::LazyLock;

use axum::{
    body::Body,
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header, request::Parts},
    response::{IntoResponse as _, Response},
};
use sha2::{Digest as _, Sha256};

/// What pages may do: everything with this server, nothing with others, nothing inline.
const POLICY: &str = "default-src 'self'; base-uri 'none'; form-action 'self'; \
                      frame-ancestors 'none'; object-src 'none'";

/// A file of the front end.
struct File {
    /// From the root of the address.
    path: &'static str,
    whole: &'static [u8],
    brotli: Option<&'static [u8]>,
    gzip: Option<&'static [u8]>,
}

/// Every file, by path; none if the front end was not built.
static FILES: &[File] = include!(concat!(env!("OUT_DIR"), "/web_files.rs"));

/// What stands in place of the front end where it was not built.
const NOT_BUILT: &str = include_str!("web/not_built.html");

/// Tags of the files' bytes, in the order of [`FILES`].
static TAGS: LazyLock<Vec<HeaderValue>> =
    LazyLock::new(|| FILES.iter().map(|file| tag(file.whole)).collect());

/// The answer to a request for the front end; `None` if it is for something else.
pub fn answer(parts: &Parts) -> Option<Response> {
    if parts.method != Method::GET && parts.method != Method::HEAD {
        return None;
    }
    let path = parts.uri.path();
    if path == "/" {
        let there = [(header::LOCATION, HeaderValue::from_static("/console"))];
        return Some((StatusCode::SEE_OTHER, there).into_response());
    }
    let page = page_of(path);
    let wanted = page.unwrap_or(path);
    match FILES.binary_search_by_key(&wanted, |file| file.path) {
        Ok(idx) => Some(sent(parts, idx)),
        // The set-up page has a small one of its own in the native dialect.
        Err(_) if page.is_some() && path != "/setup" => Some(not_built()),
        Err(_) => None,
    }
}

/// The page that a path leads to.
fn page_of(path: &str) -> Option<&'static str> {
    let below = |root: &str| {
        path.strip_prefix(root)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    if below("/console") {
        return Some("/console.html");
    }
    if below("/work") {
        return Some("/work.html");
    }
    (path == "/setup").then_some("/setup.html")
}

fn sent(parts: &Parts, idx: usize) -> Response {
    let (file, tag) = (&FILES[idx], TAGS[idx].clone());
    let mut headers = HeaderMap::new();
    let is_hashed = file.path.starts_with("/assets/") && has_hash(file.path);
    let caching = if is_hashed {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    let mut put = |name: HeaderName, value: &'static str| {
        headers.insert(name, HeaderValue::from_static(value));
    };
    put(header::CACHE_CONTROL, caching);
    put(header::CONTENT_TYPE, kind_of(file.path));
    put(header::VARY, "Accept-Encoding");
    put(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    put(header::REFERRER_POLICY, "no-referrer");
    if file.path.ends_with(".html") {
        put(header::CONTENT_SECURITY_POLICY, POLICY);
    }
    if file.path.starts_with("/chat/") {
        // Other people's pages embed the widget.
        put(header::ACCESS_CONTROL_ALLOW_ORIGIN, "*");
        put(
            HeaderName::from_static("cross-origin-resource-policy"),
            "cross-origin",
        );
    }
    headers.insert(header::ETAG, tag.clone());
    if names_tag(&parts.headers, &tag) {
        return (StatusCode::NOT_MODIFIED, headers).into_response();
    }
    let (bytes, encoding) = encoded(file, &parts.headers);
    if let Some(encoding) = encoding {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    (headers, Body::from(bytes)).into_response()
}

/// The smallest form of a file that the browser takes.
fn encoded(file: &File, headers: &HeaderMap) -> (&'static [u8], Option<&'static str>) {
    let accepted = headers
        .get(header::ACCEPT_ENCODING)
        .and_then(|sent| sent.to_str().ok())
        .unwrap_or_default();
    let takes = |name: &str| {
        accepted.split(',').any(|part| {
            let mut words = part.split(';').map(str::trim);
            words.next() == Some(name) && !words.any(|word| word == "q=0")
        })
    };
    match (file.brotli, file.gzip) {
        (Some(bytes), _) if takes("br") => (bytes, Some("br")),
        (_, Some(bytes)) if takes("gzip") => (bytes, Some("gzip")),
        _ => (file.whole, None),
    }
}

fn names_tag(headers: &HeaderMap, tag: &HeaderValue) -> bool {
    headers
        .get(header::IF_NONE_MATCH)
        .and_then(|sent| sent.to_str().ok())
        .is_some_and(|sent| {
            sent.split(',')
                .map(|one| one.trim().trim_start_matches("W/"))
                .any(|one| one.as_bytes() == tag.as_bytes())
        })
}

fn not_built() -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
        (header::CONTENT_SECURITY_POLICY, POLICY),
    ];
    (StatusCode::NOT_FOUND, headers, NOT_BUILT).into_response()
}

fn tag(bytes: &[u8]) -> HeaderValue {
    let hash = hex::encode(&Sha256::digest(bytes)[..16]);
    HeaderValue::from_str(&format!("\"{hash}\"")).expect("hexadecimal digits are fit for headers")
}

/// Whether the file's name holds a hash of its contents, as the bundler writes it: 8 characters
/// between the last `-` and the ending.
fn has_hash(path: &str) -> bool {
    let stem = path.rsplit_once('.').map_or(path, |(stem, _)| stem);
    stem.len() > 9 && stem.as_bytes()[stem.len() - 9] == b'-'
}

fn kind_of(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" => "application/json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "wasm" => "application/wasm",
        "mp3" => "audio/mpeg",
        "opus" | "ogg" => "audio/ogg",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use axum::http::Request;

    use super::*;

    #[test]
    fn every_path_below_a_page_is_the_page() {
        assert_eq!(page_of("/console/calls/8f31?t=1"), Some("/console.html"));
        assert_eq!(page_of("/work"), Some("/work.html"));
        assert_eq!(page_of("/setup"), Some("/setup.html"));
        for path in ["/consoles", "/workers", "/setup/x", "/api/v1/calls"] {
            assert_eq!(page_of(path), None, "{path}");
        }
    }

    #[test]
    fn a_browser_gets_the_smallest_form_that_it_takes() {
        for (accepted, encoding) in [
            ("gzip, deflate, br, zstd", Some("br")),
            ("gzip;q=1.0", Some("gzip")),
            ("br;q=0, gzip", Some("gzip")),
            ("identity", None),
        ] {
            let headers = parts("GET", "/x", &[("accept-encoding", accepted)]).headers;
            assert_eq!(encoded(&FILE, &headers).1, encoding, "{accepted}");
        }
    }

    #[test]
    fn what_the_browser_has_is_known_by_its_tag() {
        let tag = tag(b"abc");
        let text = tag.to_str().unwrap().to_owned();
        for (sent, known) in [
            (text.clone(), true),
            (format!("W/{text}, \"other\""), true),
            ("\"other\"".to_owned(), false),
        ] {
            let headers = parts("GET", "/x", &[("if-none-match", &sent)]).headers;
            assert_eq!(names_tag(&headers, &tag), known, "{sent}");
        }
    }

    #[test]
    fn names_with_a_hash_are_kept_for_ever() {
        assert!(has_hash("/assets/console-GpCrbK54.js"));
        assert!(!has_hash("/assets/icon.svg"));
    }

    #[test]
    fn the_root_leads_to_the_console_and_other_methods_elsewhere() {
        let root = answer(&parts("GET", "/", &[])).unwrap();
        assert_eq!(root.headers()[header::LOCATION], "/console");
        assert!(answer(&parts("POST", "/setup", &[])).is_none());
        assert!(answer(&parts("GET", "/api/v1/calls", &[])).is_none());
    }

    #[test]
    fn a_page_answers_whether_it_was_built_or_not() {
        let page = answer(&parts("GET", "/console/calls", &[])).unwrap();
        let built = FILES.iter().any(|file| file.path == "/console.html");
        assert_eq!(page.status() == 200, built);
        let policy = page.headers()[header::CONTENT_SECURITY_POLICY]
            .to_str()
            .unwrap();
        assert!(policy.starts_with("default-src 'self'") && !policy.contains("unsafe"));
    }

    static FILE: File = File {
        path: "/x",
        whole: b"whole",
        brotli: Some(b"br"),
        gzip: Some(b"gz"),
    };

    fn parts(method: &str, path: &str, headers: &[(&str, &str)]) -> Parts {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.body(()).unwrap().into_parts().0
    }
}
