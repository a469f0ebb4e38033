//! A tool that is one HTTP request.

use std::{fmt, time::Duration};

use serde_json::{Map, Value};

use super::super::{failure::short, prompt::ToolSpec};
use crate::thinker::dialogue::cause;

/// The longest body that is read, in bytes.
const BODY_BYTES_MAX: usize = 64 * 1024;

/// Attempts at one call, where another one cannot do a thing twice.
const ATTEMPTS_MAX: u32 = 2;

/// Methods of tools.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HttpMethod {
    /// Arguments in the query.
    Get,
    /// Arguments as JSON.
    Post,
    /// Arguments as JSON; may be repeated.
    Put,
    /// Arguments as JSON.
    Patch,
    /// Arguments in the query; may be repeated.
    Delete,
}

/// A tool that is one HTTP request.
#[derive(Clone)]
pub struct HttpTool {
    /// Its name: letters, digits, `_`, `-`; 64 at most.
    pub name: String,
    /// When the model is to call it.
    pub description: String,
    /// JSON Schema of its arguments.
    pub parameters: Value,
    /// How it is asked.
    pub method: HttpMethod,
    /// Where; `{name}` is an argument, escaped.
    pub url: String,
    /// Sent with it; values may be secrets.
    pub headers: Vec<(String, String)>,
    /// Longest wait for the answer, all attempts together.
    pub wait_max: Duration,
}

/// Headers never print, and neither does the address: its query may hold a key.
impl fmt::Debug for HttpTool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpTool")
            .field("name", &self.name)
            .field("method", &self.method)
            .finish_non_exhaustive()
    }
}

impl HttpTool {
    pub(super) fn spec(&self) -> ToolSpec {
        ToolSpec {
            name: self.name.clone(),
            description: self.description.clone(),
            parameters: self.parameters.clone(),
        }
    }

    /// Calls it.
    pub(in crate::thinker) async fn call(
        &self,
        client: &reqwest::Client,
        arguments: &Map<String, Value>,
    ) -> Result<String, String> {
        let calling = async {
            let mut attempt = 1;
            loop {
                let answer = self.attempt(client, arguments).await;
                attempt += 1;
                match answer {
                    Err(Failed {
                        may_repeat: true, ..
                    }) if attempt <= ATTEMPTS_MAX => {}
                    Err(failed) => return Err(failed.why),
                    Ok(answer) => return Ok(answer),
                }
            }
        };
        tokio::time::timeout(self.wait_max, calling)
            .await
            .unwrap_or_else(|_| Err(format!("no answer within {:?}", self.wait_max)))
    }

    async fn attempt(
        &self,
        client: &reqwest::Client,
        arguments: &Map<String, Value>,
    ) -> Result<String, Failed> {
        let (url, rest) = self.url_with(arguments);
        let method = match self.method {
            HttpMethod::Get => reqwest::Method::GET,
            HttpMethod::Post => reqwest::Method::POST,
            HttpMethod::Put => reqwest::Method::PUT,
            HttpMethod::Patch => reqwest::Method::PATCH,
            HttpMethod::Delete => reqwest::Method::DELETE,
        };
        let mut request = client.request(method, url);
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        request = match self.method {
            HttpMethod::Get | HttpMethod::Delete => {
                let query: Vec<(String, String)> = rest
                    .into_iter()
                    .map(|(name, value)| (name, plain(&value)))
                    .collect();
                request.query(&query)
            }
            HttpMethod::Post | HttpMethod::Put | HttpMethod::Patch => request.json(&rest),
        };
        let mut response = request.send().await.map_err(|error| Failed {
            may_repeat: self.is_idempotent() || error.is_connect(),
            why: cause(&error),
        })?;
        let status = response.status();
        let mut body = Vec::new();
        while let Some(piece) = response.chunk().await.map_err(|error| Failed {
            may_repeat: self.is_idempotent(),
            why: cause(&error),
        })? {
            let left = BODY_BYTES_MAX - body.len();
            body.extend_from_slice(&piece[..piece.len().min(left)]);
            if body.len() == BODY_BYTES_MAX {
                break;
            }
        }
        let text = String::from_utf8_lossy(&body).into_owned();
        if status.is_success() {
            return Ok(text);
        }
        Err(Failed {
            may_repeat: self.is_idempotent() && status.is_server_error(),
            why: format!("status {}: {}", status.as_u16(), short(&text)),
        })
    }

    fn is_idempotent(&self) -> bool {
        match self.method {
            HttpMethod::Get | HttpMethod::Put | HttpMethod::Delete => true,
            HttpMethod::Post | HttpMethod::Patch => false,
        }
    }

    /// The address with its arguments filled in, and the arguments that it does not name.
    fn url_with(&self, arguments: &Map<String, Value>) -> (String, Map<String, Value>) {
        let (mut url, mut rest) = (self.url.clone(), arguments.clone());
        for (name, value) in arguments {
            let place = format!("{{{name}}}");
            if url.contains(&place) {
                url = url.replace(&place, &escaped(&plain(value)));
                rest.remove(name);
            }
        }
        (url, rest)
    }
}

/// Why a call has no answer.
struct Failed {
    may_repeat: bool,
    why: String,
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Everything but RFC 3986's unreserved characters: an argument stays in its place.
fn escaped(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | b'-' | b'_' | b'~' => {
                char::from(byte).to_string()
            }
            other => format!("%{other:02X}"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_argument_cannot_leave_its_place_in_the_address() {
        let tool = HttpTool {
            name: "order".into(),
            description: String::new(),
            parameters: json!({}),
            method: HttpMethod::Get,
            url: "http://shop/orders/{id}".into(),
            headers: Vec::new(),
            wait_max: Duration::from_secs(1),
        };
        let Value::Object(arguments) = json!({"id": "../admin?x=1", "full": true}) else {
            unreachable!("an object")
        };
        let (url, rest) = tool.url_with(&arguments);
        assert_eq!(url, "http://shop/orders/%2E%2E%2Fadmin%3Fx%3D1");
        assert_eq!(Value::Object(rest), json!({"full": true}));
    }
}
