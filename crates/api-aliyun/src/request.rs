//! A request as it came in, read but not believed.

use std::{net::IpAddr, time::Duration};

use axum::{
    body::{Body, Bytes},
    http::{HeaderMap, Method, request::Parts},
};

use crate::{fault::Fault, form};

/// The largest body that is read: the largest request of an action is 99 contacts.
pub(crate) const BODY_MAX: usize = 1024 * 1024;

/// The longest query.
const QUERY_MAX: usize = 64 * 1024;

/// How long the bytes of a body may take to arrive.
const BODY_WAIT_MAX: Duration = Duration::from_secs(30);

/// A request whose body has arrived.
pub(crate) struct Received {
    pub from: Option<IpAddr>,
    pub parts: Parts,
    pub body: Bytes,
    /// Parameters of the query.
    pub query: Vec<(String, String)>,
    /// Parameters of the query and of the form.
    pub pairs: Vec<(String, String)>,
}

impl Received {
    /// Reads query and form.
    pub async fn read(from: Option<IpAddr>, parts: Parts, body: Body) -> Result<Self, Fault> {
        if parts.method != Method::GET && parts.method != Method::POST {
            return Err(Fault::method());
        }
        let text = parts.uri.query().unwrap_or_default();
        if text.len() > QUERY_MAX {
            return Err(Fault::too_large());
        }
        let query = form::pairs(text)?;
        let reading = axum::body::to_bytes(body, BODY_MAX);
        let body = match tokio::time::timeout(BODY_WAIT_MAX, reading).await {
            Ok(Ok(body)) => body,
            Ok(Err(_)) => return Err(Fault::too_large()),
            Err(_) => return Err(Fault::invalid_format()),
        };
        let mut pairs = query.clone();
        if is_form(&parts.headers) {
            let text = std::str::from_utf8(&body).map_err(|_| Fault::invalid_format())?;
            pairs.extend(form::pairs(text)?);
        }
        Ok(Self {
            from,
            parts,
            body,
            query,
            pairs,
        })
    }

    /// A header, if it is text.
    pub fn header(&self, name: &str) -> Option<&str> {
        header(&self.parts.headers, name)
    }

    /// A parameter.
    pub fn pair(&self, name: &str) -> Option<&str> {
        let found = self.pairs.iter().find(|(given, _)| given == name);
        found.map(|(_, value)| value.as_str())
    }
}

pub(crate) fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

fn is_form(headers: &HeaderMap) -> bool {
    let kind = header(headers, "content-type").unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    kind.eq_ignore_ascii_case("application/x-www-form-urlencoded")
}
