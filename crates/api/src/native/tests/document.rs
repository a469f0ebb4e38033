//! The OpenAPI document and the router tell the same story.

use serde_json::Value;

use super::world::{Centre, OPERATOR};
use crate::native::{openapi, table::rows};

#[tokio::test]
async fn every_documented_route_is_routed() {
    let centre = Centre::new().await;
    for row in rows() {
        let path = row.path.replace(['{', '}'], "");
        if path.ends_with("/events") && !path.contains("/calls/") {
            continue; // a stream without an end
        }
        let answer = centre.ask(row.method, &path, OPERATOR, Value::Null).await;
        assert_ne!(answer.status, 405, "{} {path}", row.method);
        assert_ne!(
            answer.json["detail"], "no such route",
            "{} {path}",
            row.method
        );
    }
}

#[test]
fn every_route_is_documented_with_its_answers() {
    let document = openapi();
    let rows = rows();
    for row in &rows {
        let operation = &document["paths"][row.path][row.method];
        let of = format!("{} {}", row.method, row.path);
        assert_eq!(operation["summary"], row.summary, "{of}");
        assert!(
            operation["responses"][row.status.as_str()].is_object(),
            "{of}"
        );
        assert!(operation["responses"]["500"].is_object(), "{of}");
    }
    let n_documented: usize = document["paths"]
        .as_object()
        .unwrap()
        .values()
        .map(|path| path.as_object().unwrap().len())
        .sum();
    assert_eq!(n_documented, rows.len());
}

#[test]
fn every_route_that_is_not_public_says_what_people_need() {
    for row in rows() {
        let public = row.access == crate::native::admit::Access::Public;
        assert_eq!(row.needs.is_none(), public, "{} {}", row.method, row.path);
    }
}

#[test]
fn routes_are_made_in_the_table_and_nowhere_else() {
    for entry in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/src/native")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|kind| kind != "rs") || path.ends_with("table.rs") {
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(
            !text.contains("Router::new()"),
            "{} has a router of its own",
            path.display()
        );
    }
}

#[test]
fn every_reference_leads_somewhere_and_no_operation_id_is_taken_twice() {
    let document = openapi();
    let mut seen = std::collections::BTreeSet::new();
    visit(&document, &mut |name, value| {
        let text = value.as_str().unwrap_or_default();
        if name == "$ref" {
            let target = text.strip_prefix('#').unwrap_or("/nowhere");
            assert!(document.pointer(target).is_some(), "{text}");
        }
        if name == "operationId" {
            assert!(seen.insert(text.to_owned()), "{text} twice");
        }
    });
    assert!(seen.len() > 50);
}

fn visit(value: &Value, look: &mut impl FnMut(&str, &Value)) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                look(name, value);
                visit(value, look);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| visit(item, look)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// The front end's client is made of this file.
#[test]
fn the_description_in_the_repository_is_the_present_one() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../web/openapi.json");
    let present = serde_json::to_string_pretty(&crate::native::openapi()).unwrap() + "\n";
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(path, &present).unwrap();
    }
    let kept = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        kept == present,
        "web/openapi.json is old: UPDATE_DOCS=1 cargo nextest run -p api, then npm run client in web/"
    );
}
