//! Whether the process lives, whether it can work, and its figures.

use axum::{
    Json,
    extract::State,
    http::{HeaderName, HeaderValue, header},
};
use schemars::JsonSchema;
use serde::Serialize;

use super::{
    context::Native,
    problem::{Kind, Problem},
    table::{Row, get},
};

/// A good answer.
#[derive(Serialize, JsonSchema)]
pub(super) struct HealthView {
    /// `ok`.
    status: &'static str,
}

pub(super) fn rows() -> Vec<Row> {
    vec![
        get("/healthz", "Tell that the process lives", healthz)
            .public()
            .gives::<HealthView>(),
        get(
            "/readyz",
            "Tell whether the database answers and can write",
            readyz,
        )
        .public()
        .gives::<HealthView>()
        .refuses(&[Kind::Unavailable]),
        get(
            "/metrics",
            "Figures for Prometheus; they hold no numbers and no names",
            metrics,
        )
        .public()
        .gives_media("text/plain; version=0.0.4"),
    ]
}

async fn healthz() -> Json<HealthView> {
    Json(HealthView { status: "ok" })
}

async fn readyz(State(native): State<Native>) -> Result<Json<HealthView>, Problem> {
    native.store().check().await?;
    Ok(Json(HealthView { status: "ok" }))
}

async fn metrics(State(native): State<Native>) -> ([(HeaderName, HeaderValue); 1], String) {
    let kind = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");
    ([(header::CONTENT_TYPE, kind)], native.app().metrics())
}
