//! Copies to a store that checks every signature by itself (AWS Signature Version 4, "Authenticating
//! Requests: Using Query Parameters").

#![allow(
    clippy::unwrap_used,
    reason = "a panic in a test is its failure, in its helpers too"
)]

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use hmac::{Hmac, KeyInit, Mac};
use providers::storage::{ObjectStore, StorageFault, StorageSettings};
use sha2::{Digest, Sha256};

const SECRET: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

type Stored = Arc<Mutex<Vec<(String, Vec<u8>, String)>>>;

#[tokio::test]
async fn a_recording_is_stored_under_its_prefix_with_its_type() {
    let (endpoint, stored) = store().await;
    let url = client(&endpoint, SECRET)
        .put("call 1/é.mp3", vec![1, 2], "audio/mpeg")
        .await
        .unwrap();
    assert_eq!(
        url,
        format!("{endpoint}/bucket/recordings/call%201/%C3%A9.mp3")
    );
    let path = "/bucket/recordings/call%201/%C3%A9.mp3".to_owned();
    assert_eq!(
        *stored.lock().unwrap(),
        [(path, vec![1, 2], "audio/mpeg".to_owned())]
    );
}

#[tokio::test]
async fn a_wrong_secret_is_denied_and_nothing_is_stored() {
    let (endpoint, stored) = store().await;
    let client = client(&endpoint, "wrong");
    assert_eq!(client.check().await, Err(StorageFault::Denied));
    let fault = client
        .put("a.mp3", vec![1], "audio/mpeg")
        .await
        .unwrap_err();
    assert!(fault == StorageFault::Denied && !fault.may_pass());
    assert!(stored.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_good_store_passes_the_check_and_a_missing_one_may_come_back() {
    let (endpoint, _) = store().await;
    assert_eq!(client(&endpoint, SECRET).check().await, Ok(()));
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let gone = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let fault = client(&gone, SECRET).check().await.unwrap_err();
    assert!(fault.may_pass());
    assert!(!fault.to_string().contains("Signature"), "{fault}");
}

#[test]
fn the_secret_is_not_printed() {
    assert!(!format!("{:?}", settings("http://h", SECRET)).contains(SECRET));
}

fn settings(endpoint: &str, secret: &str) -> StorageSettings {
    StorageSettings {
        endpoint: endpoint.to_owned(),
        bucket: "bucket".to_owned(),
        region: "test-1".to_owned(),
        access_key: "AKID".to_owned(),
        secret_key: secret.to_owned(),
        prefix: "recordings/".to_owned(),
        path_style: true,
    }
}

fn client(endpoint: &str, secret: &str) -> ObjectStore {
    // The first test installs it; the others find it there.
    let _ = rustls::crypto::ring::default_provider().install_default();
    ObjectStore::new(settings(endpoint, secret)).unwrap()
}

async fn store() -> (String, Stored) {
    let stored = Stored::default();
    let app = Router::new()
        .fallback(receive)
        .with_state(Arc::clone(&stored));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, app).await });
    (endpoint, stored)
}

async fn receive(
    State(stored): State<Stored>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> StatusCode {
    let query = uri.query().unwrap_or_default();
    let (signed, signature) = query.split_once("&X-Amz-Signature=").unwrap_or((query, ""));
    if signature != expected_signature(&method, uri.path(), signed, &headers) {
        return StatusCode::FORBIDDEN;
    }
    if method == Method::PUT {
        let content_type = headers["content-type"].to_str().unwrap().to_owned();
        stored
            .lock()
            .unwrap()
            .push((uri.path().to_owned(), body.to_vec(), content_type));
    }
    StatusCode::OK
}

/// The signature of a request whose query, without the signature, is `query`.
fn expected_signature(method: &Method, path: &str, query: &str, headers: &HeaderMap) -> String {
    let mut pairs: Vec<&str> = query.split('&').collect();
    pairs.sort_unstable();
    let value = |name: &str| {
        let pair = pairs
            .iter()
            .find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
        pair.unwrap_or_default().replace("%2F", "/")
    };
    let host = headers["host"].to_str().unwrap();
    let canonical = format!(
        "{method}\n{path}\n{}\nhost:{host}\n\nhost\nUNSIGNED-PAYLOAD",
        pairs.join("&")
    );
    let credential = value("X-Amz-Credential");
    let scope = credential.split_once('/').map_or("", |(_, scope)| scope);
    let to_sign = format!(
        "AWS4-HMAC-SHA256\n{}\n{scope}\n{}",
        value("X-Amz-Date"),
        hex::encode(Sha256::digest(canonical))
    );
    let key = scope
        .split('/')
        .fold(format!("AWS4{SECRET}").into_bytes(), |key, part| {
            hmac(&key, part.as_bytes())
        });
    hex::encode(hmac(&key, to_sign.as_bytes()))
}

fn hmac(key: &[u8], message: &[u8]) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
    mac.update(message);
    mac.finalize().into_bytes().to_vec()
}
