//! Things are made, shown, changed and removed; secrets go in and do not come out.

use axum::{body::Body, http::header};
use serde_json::{Value, json};

use super::world::{Centre, FIRST, OPERATOR, request};

#[tokio::test]
async fn a_trunk_keeps_its_password_through_a_change_and_never_shows_it() {
    let centre = Centre::new().await;
    let body =
        json!({"name": "carrier", "host": "sip.example.com", "user": "u", "password": "s3cret-p"});
    let trunk = centre
        .ask("post", "/api/v1/trunks", OPERATOR, body.clone())
        .await;
    assert_eq!(trunk.status, 201, "{}", trunk.text);
    assert!(!trunk.text.contains("s3cret-p"));
    assert_eq!(trunk.json["has_password"], true);
    let path = format!("/api/v1/trunks/{}", trunk.json["id"]);
    let changed = centre
        .expect(200, "patch", &path, OPERATOR, json!({"port": 5070}))
        .await;
    assert_eq!(
        (&changed["port"], &changed["has_password"]),
        (&json!(5070), &json!(true))
    );
    let bare = centre
        .expect(200, "patch", &path, OPERATOR, json!({"password": null}))
        .await;
    assert_eq!(bare["has_password"], false);
    centre
        .ask("post", "/api/v1/trunks", OPERATOR, body)
        .await
        .assert_problem(409, None, "name");
    centre
        .expect(204, "delete", &path, OPERATOR, Value::Null)
        .await;
    centre
        .ask("get", &path, OPERATOR, Value::Null)
        .await
        .assert_problem(404, None, "gone");
}

#[tokio::test]
async fn a_trunk_and_an_extension_say_how_long_their_phones_may_be_silent() {
    let centre = Centre::new().await;
    for (all, name, key, by) in [
        (
            "/api/v1/trunks",
            json!({"name": "t", "host": "h"}),
            "id",
            OPERATOR,
        ),
        (
            "/api/v1/extensions",
            json!({"number": "1001", "name": "Desk"}),
            "number",
            FIRST,
        ),
    ] {
        let made = centre.expect(201, "post", all, by, name).await;
        assert_eq!(made["media_timeout_second"], 30);
        let one = format!("{all}/{}", made[key].to_string().trim_matches('"'));
        for second in [5, 3600, 0] {
            let change = json!({"media_timeout_second": second});
            let changed = centre.expect(200, "patch", &one, by, change).await;
            assert_eq!(changed["media_timeout_second"], second);
            // What is changed beside it leaves it alone.
            centre
                .expect(200, "patch", &one, by, json!({"name": "another"}))
                .await;
            let shown = centre.expect(200, "get", &one, by, Value::Null).await;
            assert_eq!(shown["media_timeout_second"], second);
        }
        for wrong in [json!(-1), json!(4), json!(3601), json!("30"), json!(7.5)] {
            let change = json!({"media_timeout_second": wrong});
            let refused = centre.ask("patch", &one, by, change).await;
            refused.assert_problem(422, Some("media_timeout_second"), "");
        }
    }
}

#[tokio::test]
async fn a_language_model_keeps_its_key_through_a_change_and_never_shows_it() {
    let centre = Centre::new().await;
    let body =
        json!({"name": "main", "url": "https://m.example/v1", "model": "m", "key": "sk-s3cret"});
    let made = centre
        .ask("post", "/api/v1/language-models", FIRST, body.clone())
        .await;
    assert_eq!(made.status, 201, "{}", made.text);
    assert!(!made.text.contains("s3cret"));
    assert_eq!(made.json["has_key"], true);
    let path = format!("/api/v1/language-models/{}", made.json["id"]);
    let changed = centre
        .expect(200, "patch", &path, FIRST, json!({"temperature": 0.2}))
        .await;
    assert_eq!(
        (&changed["has_key"], &changed["temperature"]),
        (&json!(true), &json!(0.2))
    );
    let bare = centre
        .expect(200, "patch", &path, FIRST, json!({"key": null}))
        .await;
    assert_eq!(bare["has_key"], false);
    centre
        .ask("post", "/api/v1/language-models", FIRST, body)
        .await
        .assert_problem(409, None, "name");
    let private = json!({"url": "http://127.0.0.1:11434/v1"});
    centre
        .ask("patch", &path, FIRST, private.clone())
        .await
        .assert_problem(422, Some("url"), "a token of one instance");
}

#[tokio::test]
async fn a_speech_service_keeps_its_key_through_a_change_and_never_shows_it() {
    const ALL: &str = "/api/v1/speech-services";
    let centre = Centre::new().await;
    let body = json!({"name": "voice", "type": "openai", "role": "speaker",
        "url": "https://s.example/v1", "model": "kokoro", "key": "sk-s3cret"});
    let made = centre.ask("post", ALL, FIRST, body.clone()).await;
    assert_eq!(made.status, 201, "{}", made.text);
    assert!(!made.text.contains("s3cret"));
    assert_eq!(made.json["has_key"], true);
    let path = format!("{ALL}/{}", made.json["id"]);
    let voice = json!({"voice": "af_heart"});
    let changed = centre.expect(200, "patch", &path, FIRST, voice).await;
    assert_eq!(
        (&changed["has_key"], &changed["voice"]),
        (&json!(true), &json!("af_heart"))
    );
    let again = centre.ask("post", ALL, FIRST, body.clone()).await;
    again.assert_problem(409, None, "name");
    let private = json!({"url": "http://127.0.0.1:8880/v1"});
    let private = centre.ask("patch", &path, FIRST, private).await;
    private.assert_problem(422, Some("url"), "a token of one instance");
    let mut local = body;
    local["name"] = json!("local");
    let local = centre.ask("post", ALL, FIRST, local).await;
    local.assert_problem(422, Some("name"), "the built-in engine's name");
}

#[tokio::test]
async fn an_agent_names_speech_services_that_are_there_in_their_role() {
    let centre = Centre::new().await;
    let agent = |parts: Value| {
        let mut definition = json!({"language": "en", "greeting": "Hello"});
        definition
            .as_object_mut()
            .unwrap()
            .extend(parts.as_object().unwrap().clone());
        json!({"name": "a", "definition": definition})
    };
    const AGENTS: &str = "/api/v1/voice-agents";
    let voice = json!({"name": "voice", "type": "openai", "role": "speaker",
        "url": "https://s.example/v1", "model": "kokoro"});
    centre
        .expect(201, "post", "/api/v1/speech-services", FIRST, voice)
        .await;
    for (parts, place) in [
        (
            json!({"speaker": {"services": ["gone"]}}),
            "definition.speaker.services[0]",
        ),
        (
            json!({"recognizer": {"services": ["local", "voice"]}}),
            "definition.recognizer.services[1]",
        ),
        (
            json!({"speaker": {"services": []}}),
            "definition.speaker.services",
        ),
        (
            json!({"speaker": {"services": ["voice"], "speed_percent": 20}}),
            "definition.speaker.speed_percent",
        ),
    ] {
        let wrong = centre.ask("post", AGENTS, FIRST, agent(parts)).await;
        wrong.assert_problem(422, Some(place), "wrong service");
    }
    let right = json!({"speaker": {"services": ["voice", "local"], "speed_percent": 110}});
    centre
        .expect(201, "post", AGENTS, FIRST, agent(right))
        .await;
}

#[tokio::test]
async fn an_agent_names_models_that_are_there_and_public_addresses() {
    let centre = Centre::new().await;
    let agent =
        |thinker: Value| json!({"name": "a", "definition": {"language": "en", "thinker": thinker}});
    centre
        .ask(
            "post",
            "/api/v1/voice-agents",
            FIRST,
            agent(json!({"models": ["main"]})),
        )
        .await
        .assert_problem(422, Some("definition.thinker.models[0]"), "no such model");
    let model = json!({"name": "main", "url": "https://m.example/v1", "model": "m"});
    centre
        .expect(201, "post", "/api/v1/language-models", FIRST, model)
        .await;
    centre
        .expect(
            201,
            "post",
            "/api/v1/voice-agents",
            FIRST,
            agent(json!({"models": ["main"]})),
        )
        .await;
    let private = json!({"models": ["main"], "mcp": [{"url": "http://10.0.0.1/mcp"}]});
    centre
        .ask("post", "/api/v1/voice-agents", FIRST, agent(private))
        .await
        .assert_problem(422, Some("definition.thinker.mcp[0].url"), "private");
}

#[tokio::test]
async fn a_number_is_on_one_trunk_and_is_answered_by_an_agent_of_its_instance() {
    let centre = Centre::new().await;
    let trunk = json!({"name": "t", "host": "192.0.2.1"});
    let trunk = centre
        .expect(201, "post", "/api/v1/trunks", OPERATOR, trunk)
        .await;
    let agent = centre
        .expect(201, "post", "/api/v1/voice-agents", FIRST, agent("Hello"))
        .await;
    let number = json!({
        "number": "+12025550100", "trunk": trunk["id"], "instance": centre.second.0, "inbound_agent": agent["id"],
    });
    let wrong = centre
        .ask("post", "/api/v1/numbers", OPERATOR, number.clone())
        .await;
    wrong.assert_problem(422, Some("inbound_agent"), "agent of another instance");
    let mut right = number;
    right["instance"] = json!(centre.first.0);
    centre
        .expect(201, "post", "/api/v1/numbers", OPERATOR, right.clone())
        .await;
    centre
        .ask("post", "/api/v1/numbers", OPERATOR, right)
        .await
        .assert_problem(409, None, "twice");
    let path = "/api/v1/numbers/%2B12025550100";
    let shown = centre.expect(200, "get", path, FIRST, Value::Null).await;
    assert_eq!(shown["inbound_agent"], agent["id"]);
    let moved = centre
        .ask("patch", path, OPERATOR, json!({"number": "+12025550101"}))
        .await;
    moved.assert_problem(422, Some("number"), "renamed");
    let off = centre
        .expect(
            200,
            "patch",
            path,
            OPERATOR,
            json!({"enabled": false, "inbound_agent": null}),
        )
        .await;
    assert_eq!(
        (&off["enabled"], &off["inbound_agent"]),
        (&json!(false), &Value::Null)
    );
    centre
        .expect(204, "delete", path, OPERATOR, Value::Null)
        .await;
}

#[tokio::test]
async fn of_two_designers_the_second_is_told_that_the_agent_has_changed() {
    let centre = Centre::new().await;
    let made = centre
        .ask(
            "post",
            "/api/v1/voice-agents",
            FIRST,
            agent("Hello ${name}"),
        )
        .await;
    assert_eq!(made.headers[header::ETAG], "\"1\"");
    assert_eq!(made.json["variable_names"], json!(["name"]));
    let path = format!("/api/v1/voice-agents/{}", made.json["id"]);
    let mut change = agent("Good morning");
    let blind = centre.ask("put", &path, FIRST, change.clone()).await;
    blind.assert_problem(422, Some("version"), "blind");
    change["version"] = json!(1);
    let second = centre
        .expect(200, "put", &path, FIRST, change.clone())
        .await;
    assert_eq!(second["version"], 2);
    centre
        .ask("put", &path, FIRST, change)
        .await
        .assert_problem(412, None, "late");
    let tagged = request("put", &path, FIRST)
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::IF_MATCH, "\"2\"")
        .body(Body::from(agent("Good evening").to_string()))
        .unwrap();
    assert_eq!(
        centre.send(tagged).await.json["definition"]["greeting"],
        "Good evening"
    );
}

#[tokio::test]
async fn a_credential_shows_its_secret_once() {
    let centre = Centre::new().await;
    let body = json!({"instances": [centre.first.0], "actions": ["CreateAIAgentCall"]});
    let made = centre
        .expect(201, "post", "/api/v1/credentials", OPERATOR, body)
        .await;
    let (id, secret) = (
        made["id"].as_str().unwrap(),
        made["secret"].as_str().unwrap(),
    );
    assert!(id.starts_with("AKID") && secret.len() >= 40);
    let path = format!("/api/v1/credentials/{id}");
    let shown = centre.ask("get", &path, FIRST, Value::Null).await;
    assert!(!shown.text.contains(secret));
    let body = json!({"actions": null, "enabled": false});
    let changed = centre.expect(200, "patch", &path, OPERATOR, body).await;
    assert_eq!(
        (&changed["actions"], &changed["enabled"]),
        (&Value::Null, &json!(false))
    );
    centre
        .expect(204, "delete", &path, FIRST, Value::Null)
        .await;
}

#[tokio::test]
async fn a_webhook_endpoint_hides_its_secrets_and_swaps_its_auth_whole() {
    let centre = Centre::new().await;
    let body = json!({
        "url": "https://example.com/hook?key=1",
        "auth": {"type": "basic", "user": "u", "password": "hunter22"},
        "signing_secret": "0123456789",
    });
    let made = centre
        .ask("post", "/api/v1/webhook-endpoints", FIRST, body)
        .await;
    assert_eq!(made.status, 201, "{}", made.text);
    assert!(!made.text.contains("hunter22") && !made.text.contains("0123456789"));
    let path = format!("/api/v1/webhook-endpoints/{}", made.json["id"]);
    let off = centre
        .expect(200, "patch", &path, FIRST, json!({"enabled": false}))
        .await;
    assert_eq!(
        (&off["auth"]["user"], &off["has_signing_secret"]),
        (&json!("u"), &json!(true))
    );
    let body = json!({"auth": {
        "type": "oauth2", "token_url": "https://example.com/token", "client_id": "c", "client_secret": "hidden99",
    }});
    let swapped = centre.ask("patch", &path, FIRST, body).await;
    assert_eq!(swapped.json["auth"]["client_id"], "c", "{}", swapped.text);
    assert!(!swapped.text.contains("hidden99"));
}

#[tokio::test]
async fn rules_quotas_and_lists_are_read_as_they_were_written() {
    let centre = Centre::new().await;
    let rules = json!({
        "working_hours": [{"days": ["monday", "tuesday"], "from": "09:00:00", "to": "18:30:00"}],
        "blind_areas": ["8610"],
        "caller_frequency": {"calls_max": 5, "window_second": 60},
        "callee_interval": null,
        "callee_per_day": 3,
    });
    centre
        .expect(200, "put", "/api/v1/call-rules", FIRST, rules.clone())
        .await;
    assert_eq!(
        centre
            .expect(200, "get", "/api/v1/call-rules", FIRST, Value::Null)
            .await,
        rules
    );

    let quota = json!({"call_minutes": 10, "call_until": "2030-01-01T00:00:00+08:00"});
    let path = format!("/api/v1/quotas?instance={}", centre.first);
    centre.expect(200, "put", &path, OPERATOR, quota).await;
    let shown = centre
        .expect(200, "get", "/api/v1/quotas", FIRST, Value::Null)
        .await;
    assert_eq!(shown["call_until"], "2029-12-31T16:00:00.000Z");
    assert_eq!(
        (&shown["agent_minutes"], &shown["call_minutes_used"]),
        (&Value::Null, &json!(0))
    );

    let numbers = json!({"numbers": ["+12025550100", "0012025550100", "+12025550101"]});
    centre
        .expect(200, "post", "/api/v1/do-not-call", FIRST, numbers)
        .await;
    let list = centre
        .expect(
            200,
            "get",
            "/api/v1/do-not-call?limit=1",
            FIRST,
            Value::Null,
        )
        .await;
    assert_eq!(
        (&list["total"], list["items"].as_array().unwrap().len()),
        (&json!(2), 1)
    );
    let path = "/api/v1/do-not-call/%2B12025550100";
    centre.expect(204, "delete", path, FIRST, Value::Null).await;
    centre
        .ask("delete", path, FIRST, Value::Null)
        .await
        .assert_problem(404, None, "twice");
}

#[tokio::test]
async fn a_sound_comes_as_a_form() {
    let centre = Centre::new().await;
    let made = centre.send(form("beep", &wav())).await;
    assert_eq!(made.status, 201, "{}", made.text);
    assert_eq!(
        (&made.json["name"], &made.json["file_name"]),
        (&json!("beep"), &json!("b.wav"))
    );
    let path = format!("/api/v1/sounds/{}", made.json["id"]);
    centre.expect(200, "get", &path, FIRST, Value::Null).await;
    centre
        .expect(204, "delete", &path, FIRST, Value::Null)
        .await;
    let noise = centre.send(form("noise", b"no sound at all")).await;
    assert_eq!(noise.status, 422, "{}", noise.text);
    let huge = centre
        .send(form("huge", &vec![0; 5 * 1024 * 1024 + 1]))
        .await;
    huge.assert_problem(413, None, "huge");
    centre
        .send(form("", &wav()))
        .await
        .assert_problem(422, Some("name"), "no name");
}

#[tokio::test]
async fn what_an_instance_may_not_call_is_refused_with_the_reason() {
    let centre = Centre::new().await;
    let agent = centre
        .expect(201, "post", "/api/v1/voice-agents", FIRST, agent("Hello"))
        .await;
    let body = json!({"voice_agent": agent["id"], "callee": "+12025550100"});
    let refused = centre.ask("post", "/api/v1/calls", FIRST, body).await;
    refused.assert_problem(409, None, "no number");
    let nobody = json!({"voice_agent": 99, "callee": "+12025550100"});
    centre
        .ask("post", "/api/v1/calls", FIRST, nobody)
        .await
        .assert_problem(404, None, "no agent");
}

#[tokio::test]
async fn a_forged_recording_address_is_refused() {
    let centre = Centre::new().await;
    let path = "/recordings/r-1.mp3?expires=99999999999&signature=00";
    centre
        .ask("get", path, "", Value::Null)
        .await
        .assert_problem(403, None, "forged");
    let path = "/recordings/r-1.mp3";
    centre
        .ask("get", path, "", Value::Null)
        .await
        .assert_problem(422, Some("expires"), "bare");
}

fn agent(greeting: &str) -> Value {
    json!({"name": "a", "definition": {"language": "en", "greeting": greeting}})
}

fn form(name: &str, file: &[u8]) -> axum::http::Request<Body> {
    let mut body = format!(
        "--x\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\n{name}\r\n\
         --x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"b.wav\"\r\n\r\n"
    )
    .into_bytes();
    body.extend(file);
    body.extend(b"\r\n--x--\r\n");
    request("post", "/api/v1/sounds", FIRST)
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=x")
        .body(Body::from(body))
        .unwrap()
}

/// Half a second of silence, 8 kHz, 16 bits (RIFF WAVE).
fn wav() -> Vec<u8> {
    let n: u32 = 8000;
    let mut wav = b"RIFF".to_vec();
    wav.extend((36 + n).to_le_bytes());
    wav.extend(b"WAVEfmt ");
    wav.extend(16u32.to_le_bytes());
    wav.extend([1, 0, 1, 0]);
    wav.extend(8000u32.to_le_bytes());
    wav.extend(16000u32.to_le_bytes());
    wav.extend([2, 0, 16, 0]);
    wav.extend(b"data");
    wav.extend(n.to_le_bytes());
    wav.extend(vec![0; n as usize]);
    wav
}

#[tokio::test]
async fn an_agent_is_tried_by_text_before_it_is_saved() {
    let centre = Centre::new().await;
    let path = "/api/v1/voice-agents/try";
    let trial = json!({
        "definition": {"language": "en", "greeting": "Hello ${name}.", "goodbye": "Bye.",
            "replies": [{"words": ["yes"], "say": "Great.", "then": "hang_up"}]},
        "variables": {"name": "Lin"},
        "steps": [{"act": "answers"}, {"act": "says", "words": "yes"}, {"act": "says", "words": "hello?"}],
    });
    let tried = centre.expect(200, "post", path, FIRST, trial.clone()).await;
    let answers = tried["answers"].as_array().unwrap();
    assert_eq!(answers.len(), 2, "{tried}");
    assert_eq!(answers[0]["says"], "Hello Lin.");
    assert_eq!(
        (&answers[1]["says"], &answers[1]["act"]),
        (&json!("Great. Bye."), &json!("hang_up"))
    );
    let saved = centre
        .expect(200, "get", "/api/v1/voice-agents", FIRST, Value::Null)
        .await;
    assert_eq!(saved["total"], 0);
    let mut wrong = trial;
    wrong["definition"]["replies"][0]["thne"] = json!("stay");
    centre.ask("post", path, FIRST, wrong).await.assert_problem(
        422,
        Some("definition.replies[0].thne"),
        "misspelled",
    );
}
