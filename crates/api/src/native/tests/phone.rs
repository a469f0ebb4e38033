//! One's own phone in a browser.

use axum::{body::Body, http::header::UPGRADE};
use serde_json::{Value, json};

use super::{
    sessions::Tab,
    world::{Centre, FIRST, request},
};

const PHONE: &str = "/api/v1/phone";
const SOCKET: &str = "/api/v1/phone/socket";

#[tokio::test]
async fn ones_own_phone_comes_with_a_hash_and_without_the_password() {
    let centre = Centre::new().await;
    let lin = Tab::of(&centre, "lin@example.com", &["agent"]).await;
    let none = lin.ask(&centre, "GET", PHONE, Value::Null).await;
    assert_eq!(none.status, 404, "{}", none.text);
    let body = json!({"number": "1001", "name": "Desk", "staff": "lin@example.com"});
    let made = centre.ask("POST", "/api/v1/extensions", FIRST, body).await;
    assert_eq!(made.status, 201, "{}", made.text);
    let password = made.json["password"].as_str().unwrap();

    let own = lin.ask(&centre, "GET", PHONE, Value::Null).await;
    assert_eq!(own.status, 200, "{}", own.text);
    assert!(!own.text.contains(password));
    let realm = own.json["realm"].as_str().unwrap();
    let credentials = app::DigestCredentials {
        username: "1001".into(),
        password: password.into(),
    };
    assert_eq!(own.json["ha1"], json!(credentials.hash_for(realm)));
    assert_eq!(
        (&own.json["number"], &own.json["socket"]),
        (&json!("1001"), &json!(SOCKET))
    );
    assert_eq!(own.json["domain"], made.json["domain"]);

    // Somebody else's is none of one's business.
    let ann = Tab::of(&centre, "ann@example.com", &["administrator"]).await;
    assert_eq!(
        ann.ask(&centre, "GET", PHONE, Value::Null).await.status,
        404
    );
    let program = centre.ask("GET", PHONE, FIRST, Value::Null).await;
    assert_eq!(program.status, 403, "{}", program.text);
}

#[tokio::test]
async fn the_socket_is_for_people_who_are_signed_in_and_for_sip_alone() {
    let centre = Centre::new().await;
    let stranger = request("GET", SOCKET, "").body(Body::empty()).unwrap();
    assert_eq!(centre.send(stranger).await.status, 401);
    let lin = Tab::of(&centre, "lin@example.com", &["agent"]).await;
    let plain = lin.ask(&centre, "GET", SOCKET, Value::Null).await;
    assert_eq!(plain.status, 422, "{}", plain.text);
    let other = lin
        .request("GET", SOCKET)
        .header(UPGRADE, "websocket")
        .header("connection", "Upgrade")
        .header("sec-websocket-version", "13")
        .header("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==")
        .header("sec-websocket-protocol", "mqtt");
    let other = centre.send(other.body(Body::empty()).unwrap()).await;
    assert_eq!(other.status, 422, "{}", other.text);
    assert!(
        other.text.contains("the protocol here is sip"),
        "{}",
        other.text
    );
}
