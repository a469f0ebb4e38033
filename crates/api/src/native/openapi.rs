//! The OpenAPI 3.1 document, made of the same rows as the router.

use std::collections::{BTreeMap, BTreeSet};

use axum::Json;
use schemars::{SchemaGenerator, generate::SchemaSettings};
use serde_json::{Value, json};

use super::{
    admit::Access,
    problem::{Kind, ProblemDocument},
    session::COOKIE,
    table::{Gives, Row, Schematic, Takes, get},
};

pub(super) fn rows() -> Vec<Row> {
    vec![
        get(
            "/api/v1/openapi.json",
            "This description of the native dialect",
            show,
        )
        .public()
        .gives_media("application/json"),
    ]
}

async fn show() -> Json<Value> {
    Json(document(&super::table::rows()))
}

/// The document of these rows.
pub(super) fn document(rows: &[Row]) -> Value {
    let settings = SchemaSettings::draft2020_12().with(|settings| {
        settings.definitions_path = "/components/schemas".into();
    });
    let mut generator = settings.into_generator();
    let problem = generator.subschema_for::<ProblemDocument<'static>>();
    let mut paths: BTreeMap<&str, BTreeMap<&str, Value>> = BTreeMap::new();
    for row in rows {
        let operation = operation(row, &mut generator);
        paths
            .entry(row.path)
            .or_default()
            .insert(row.method, operation);
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Switchboard native API",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "What the compatible clouds do not offer: instances, credentials, trunks, numbers, voice agents, sounds, call rules, quotas, webhook endpoints and their deliveries, calls with their events. Times are RFC 3339 in UTC, lists are paged by `offset` and `limit`, errors are problem documents (RFC 9457), unknown fields are refused. With an operator's token, `instance` says whose things are meant; it may be left out while there is one instance only.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "paths": paths,
        "components": {
            "schemas": generator.take_definitions(true),
            "responses": responses(&problem.to_value()),
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "A token `swb_…` of an instance or of an operator.",
                },
                "session": {
                    "type": "apiKey",
                    "in": "cookie",
                    "name": COOKIE,
                    "description": "Set by POST /api/v1/session. Requests that change something also repeat `csrf` of GET /api/v1/session in the header `X-CSRF-Token`.",
                },
            },
        },
    })
}

fn operation(row: &Row, generator: &mut SchemaGenerator) -> Value {
    let mut operation = json!({
        "operationId": operation_id(row),
        "summary": row.summary,
        "tags": [tag(row)],
        "parameters": parameters(row, generator),
        "responses": answers(row, generator),
    });
    if let Some(body) = request_body(row, generator) {
        operation["requestBody"] = body;
    }
    let needs = row.needs.map(|needs| {
        let name = needs.name();
        format!("People need a role that gives `{name}`.")
    });
    operation["security"] = match (row.access, row.needs) {
        (Access::Public, _) => json!([]),
        (Access::Token | Access::Operator, Some(_)) => json!([{"token": []}, {"session": []}]),
        (Access::Token | Access::Operator, None) => json!([{"token": []}]),
    };
    let operator = (row.access == Access::Operator)
        .then(|| "Needs an operator's token, or a person who works for every instance.".to_owned());
    let description: Vec<String> = operator.into_iter().chain(needs).collect();
    if !description.is_empty() {
        operation["description"] = json!(description.join(" "));
    }
    operation
}

/// `get_calls_id_events` of `GET /api/v1/calls/{id}/events`.
fn operation_id(row: &Row) -> String {
    let path = row
        .path
        .trim_start_matches("/api/v1")
        .replace(['/', '-', '.'], "_");
    format!("{}{}", row.method, path.replace(['{', '}'], ""))
}

fn tag(row: &Row) -> &str {
    row.path
        .trim_start_matches("/api/v1")
        .split('/')
        .nth(1)
        .unwrap_or_default()
}

/// Whether the ids of what is below a path are texts; all others are numbers.
fn has_text_ids(path: &str) -> bool {
    const TEXTUAL: [&str; 7] = [
        "/calls/",
        "/campaigns/",
        "/conversations/",
        "/credentials/",
        "/customers/",
        "/dialogues/",
        "/chat/files/",
    ];
    TEXTUAL.iter().any(|part| path.contains(part))
}

fn parameters(row: &Row, generator: &mut SchemaGenerator) -> Vec<Value> {
    let in_path = row.path.split('/').filter_map(|part| {
        let name = part.strip_prefix('{')?.strip_suffix('}')?;
        let is_number = name == "version" || (name == "id" && !has_text_ids(row.path));
        let kind = if is_number {
            json!({"type": "integer"})
        } else {
            json!({"type": "string", "maxLength": 128})
        };
        Some(json!({"name": name, "in": "path", "required": true, "schema": kind}))
    });
    let mut parameters: Vec<Value> = in_path.collect();
    if let Some(asks) = row.asks {
        let schema = asks(generator).to_value();
        let required: BTreeSet<&str> = strings(&schema["required"]).collect();
        for (name, property) in schema["properties"].as_object().into_iter().flatten() {
            let mut property = property.clone();
            let text = property
                .as_object_mut()
                .and_then(|fields| fields.remove("description"));
            parameters.push(json!({
                "name": name,
                "in": "query",
                "required": required.contains(name.as_str()),
                "description": text.unwrap_or_default(),
                "schema": property,
            }));
        }
    }
    parameters
}

fn strings(value: &Value) -> impl Iterator<Item = &str> {
    value
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
}

fn request_body(row: &Row, generator: &mut SchemaGenerator) -> Option<Value> {
    let json_of =
        |schematic: Schematic, generator: &mut SchemaGenerator| schematic(generator).to_value();
    let content = match row.takes {
        Takes::Nothing => return None,
        Takes::Json(schematic) => {
            json!({"application/json": {"schema": json_of(schematic, generator)}})
        }
        Takes::Patch(schematic) => {
            let mut schema = json_of(schematic, generator);
            if let Some(fields) = schema.as_object_mut() {
                fields.remove("required");
            }
            let content = json!({"schema": schema});
            json!({"application/merge-patch+json": content, "application/json": content})
        }
        Takes::JsonOrFile(schematic) => json!({
            "application/json": {"schema": json_of(schematic, generator)},
            "multipart/form-data": {"schema": {
                "type": "object",
                "required": ["name", "file"],
                "properties": {
                    "name": {"type": "string", "minLength": 1, "maxLength": 128},
                    "file": {"type": "string", "contentMediaType": "audio/wav, audio/mpeg"},
                },
            }},
        }),
    };
    Some(json!({"required": true, "content": content}))
}

fn answers(row: &Row, generator: &mut SchemaGenerator) -> Value {
    let mut answers = serde_json::Map::new();
    let good = match row.gives {
        Gives::Nothing => json!({"description": "Done."}),
        Gives::Json(schematic) => json!({
            "description": "Done.",
            "content": {"application/json": {"schema": schematic(generator).to_value()}},
        }),
        Gives::Media(media) => json!({"description": "Done.", "content": {media: {}}}),
    };
    answers.insert(row.status.as_u16().to_string(), good);
    for kind in kinds(row) {
        let (status, ..) = kind.row();
        let reference = format!("#/components/responses/Problem{}", status.as_u16());
        answers.insert(status.as_u16().to_string(), json!({"$ref": reference}));
    }
    Value::Object(answers)
}

/// The problems that a row can answer with: its own, and those that follow from its shape.
fn kinds(row: &Row) -> BTreeSet<Kind> {
    let mut kinds: BTreeSet<Kind> = row.refuses.iter().copied().collect();
    kinds.extend([Kind::Internal, Kind::Unavailable]);
    if row.access != Access::Public {
        kinds.extend([Kind::Unauthorized, Kind::TooMany]);
    }
    if row.access == Access::Operator || row.needs.is_some() || row.path.contains("/credentials/") {
        kinds.insert(Kind::Forbidden);
    }
    if row.path.contains('{') || row.asks.is_some() {
        kinds.insert(Kind::NotFound);
    }
    if row.asks.is_some() {
        kinds.insert(Kind::Invalid);
    }
    match row.takes {
        Takes::Nothing => {}
        Takes::Json(_) | Takes::Patch(_) | Takes::JsonOrFile(_) => {
            kinds.extend([
                Kind::Malformed,
                Kind::TooLarge,
                Kind::UnsupportedMedia,
                Kind::Invalid,
            ]);
        }
    }
    kinds
}

/// One response for each status that problems have.
fn responses(problem: &Value) -> Value {
    let mut responses = serde_json::Map::new();
    for kind in Kind::ALL {
        let (status, _, title) = kind.row();
        responses
            .entry(format!("Problem{}", status.as_u16()))
            .or_insert_with(|| {
                json!({
                    "description": title,
                    "content": {"application/problem+json": {"schema": problem}},
                })
            });
    }
    Value::Object(responses)
}
