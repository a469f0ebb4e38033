//! The server's HTTP interfaces as the demo uses them.

use std::time::{Duration, SystemTime};

use anyhow::{Context as _, bail};
use model::UnixMs;
use reqwest::{Client, Method, RequestBuilder};
use serde_json::Value;

use super::tc3::{self, Keys};

/// The keys of `serve --dev`.
const KEYS: Keys<'static> = Keys {
    id: "AKIDdev",
    secret: "dev-secret",
};

/// The token of `serve --dev`.
const TOKEN: &str = "swb_dev";

/// Longest answer.
const ANSWER_MAX: Duration = Duration::from_secs(15);

/// Separates the parts of an upload; its like does not occur in a WAV by chance.
const BOUNDARY: &str = "switchboard-demo-3f9c1b7e5a";

/// A client of one server.
pub struct Http {
    client: Client,
    base: String,
}

impl Http {
    /// A client of the server at `base`.
    pub fn new(base: &str) -> anyhow::Result<Self> {
        let client = Client::builder().timeout(ANSWER_MAX).no_proxy().build()?;
        Ok(Self {
            client,
            base: base.to_owned(),
        })
    }

    /// Whether the server can work.
    pub async fn is_ready(&self) -> bool {
        let asked = self
            .client
            .get(format!("{}/readyz", self.base))
            .send()
            .await;
        asked.is_ok_and(|answer| answer.status().is_success())
    }

    /// An action of Tencent's dialect, signed; an error of it is an error here.
    pub async fn tencent(&self, action: &str, parameters: &Value) -> anyhow::Result<Value> {
        let host = self.base.trim_start_matches("http://");
        let body = parameters.to_string();
        let timestamp = UnixMs::from(SystemTime::now()).seconds();
        let asked = self
            .client
            .post(&self.base)
            .header(
                "Authorization",
                tc3::authorization(KEYS, host, &body, timestamp),
            )
            .header("Content-Type", "application/json")
            .header("X-TC-Action", action)
            .header("X-TC-Version", "2020-02-10")
            .header("X-TC-Timestamp", timestamp)
            .header("X-TC-Language", "en-US")
            .body(body);
        let answer: Value = asked.send().await?.json().await?;
        let response = &answer["Response"];
        if let Some(code) = response["Error"]["Code"].as_str() {
            bail!("{action}: {code}: {}", response["Error"]["Message"]);
        }
        Ok(response.clone())
    }

    /// What the native dialect has at `path`.
    pub async fn get(&self, path: &str) -> anyhow::Result<Value> {
        Ok(serde_json::from_slice(&self.bytes(path).await?)?)
    }

    /// The bytes at `path`, or at a whole address that the server gave out.
    pub async fn bytes(&self, path: &str) -> anyhow::Result<Vec<u8>> {
        let asked = if path.starts_with("http") {
            self.client.get(path)
        } else {
            self.native(Method::GET, path)
        };
        let answer = asked.send().await?;
        let status = answer.status();
        let bytes = answer.bytes().await?;
        if !status.is_success() {
            bail!("{path}: {status}: {}", String::from_utf8_lossy(&bytes));
        }
        Ok(bytes.to_vec())
    }

    /// Makes something by the native dialect.
    pub async fn post(&self, path: &str, body: &Value) -> anyhow::Result<Value> {
        self.answer(path, self.native(Method::POST, path).json(body))
            .await
    }

    /// The field of the first item of a list.
    pub async fn first(&self, path: &str, field: &str) -> anyhow::Result<i64> {
        let list = self.get(path).await?;
        list["items"][0][field]
            .as_i64()
            .with_context(|| format!("{path}: nothing there"))
    }

    /// Uploads a WAV and returns its id.
    pub async fn upload_sound(&self, name: &str, wav: &[u8]) -> anyhow::Result<i64> {
        let head = format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\n{name}\r\n\
             --{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; \
             filename=\"{name}.wav\"\r\nContent-Type: audio/wav\r\n\r\n"
        );
        let body = [
            head.as_bytes(),
            wav,
            format!("\r\n--{BOUNDARY}--\r\n").as_bytes(),
        ]
        .concat();
        let path = "/api/v1/sounds";
        let asked = self
            .native(Method::POST, path)
            .header(
                "Content-Type",
                format!("multipart/form-data; boundary={BOUNDARY}"),
            )
            .body(body);
        let made = self.answer(path, asked).await?;
        made["id"].as_i64().context("an uploaded sound has no id")
    }

    async fn answer(&self, path: &str, asked: RequestBuilder) -> anyhow::Result<Value> {
        let answer = asked.send().await?;
        let status = answer.status();
        let body = answer.text().await?;
        if !status.is_success() {
            bail!("{path}: {status}: {body}");
        }
        Ok(serde_json::from_str(&body).unwrap_or(Value::Null))
    }

    fn native(&self, method: Method, path: &str) -> RequestBuilder {
        self.client
            .request(method, format!("{}{path}", self.base))
            .bearer_auth(TOKEN)
    }
}
