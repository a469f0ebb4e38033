//! The table of routes: one [`Row`] is a handler, who may call it, and its description.
//!
//! Router and OpenAPI document are both made of [`rows`], so neither has a route that the other
//! lacks.

use std::collections::BTreeMap;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    handler::Handler,
    http::StatusCode,
    middleware::{from_fn, from_fn_with_state},
    routing::{MethodFilter, MethodRouter, on},
};
use model::Permission;
use schemars::{JsonSchema, Schema, SchemaGenerator};

use super::{
    admit::{Access, Gate, admit, gate},
    context::Native,
    envelope::envelope,
    problem::Kind,
    read::BODY_BYTES_MAX,
};

/// Makes the schema of a type, and of what it is made of.
pub(super) type Schematic = fn(&mut SchemaGenerator) -> Schema;

/// What a route takes in its body.
#[derive(Clone, Copy)]
pub(super) enum Takes {
    /// Nothing.
    Nothing,
    /// JSON.
    Json(Schematic),
    /// Some fields of this JSON (RFC 7396).
    Patch(Schematic),
    /// JSON, or a file with fields in `multipart/form-data`.
    JsonOrFile(Schematic),
}

/// What a route answers with when all is well.
#[derive(Clone, Copy)]
pub(super) enum Gives {
    /// No body.
    Nothing,
    /// JSON.
    Json(Schematic),
    /// Something else, of this media type.
    Media(&'static str),
}

/// A route with its description.
pub(super) struct Row {
    pub method: &'static str,
    pub path: &'static str,
    pub summary: &'static str,
    pub access: Access,
    /// What a person's roles must give. Tokens may do everything within their instances.
    pub needs: Option<Permission>,
    /// Whether its use is written into the audit log.
    pub audited: bool,
    pub asks: Option<Schematic>,
    pub takes: Takes,
    pub status: StatusCode,
    pub gives: Gives,
    /// Problems of its own, beside those that follow from its shape.
    pub refuses: &'static [Kind],
    route: MethodRouter<Native>,
}

macro_rules! methods {
    ($( $name:ident $filter:ident $status:ident; )*) => { $(
        /// A row of this method; it needs a token and answers nothing unless it says otherwise.
        pub(super) fn $name<H, X>(path: &'static str, summary: &'static str, handler: H) -> Row
        where
            H: Handler<X, Native>,
            X: 'static,
        {
            Row {
                method: stringify!($name),
                path,
                summary,
                access: Access::Token,
                needs: None,
                audited: !matches!(MethodFilter::$filter, MethodFilter::GET),
                asks: None,
                takes: Takes::Nothing,
                status: StatusCode::$status,
                gives: Gives::Nothing,
                refuses: &[],
                route: on(MethodFilter::$filter, handler),
            }
        }
    )* };
}

methods! {
    get GET OK;
    post POST CREATED;
    put PUT OK;
    patch PATCH OK;
    delete DELETE NO_CONTENT;
}

impl Row {
    pub(super) fn public(self) -> Self {
        Self {
            access: Access::Public,
            ..self
        }
    }

    pub(super) fn operator(self) -> Self {
        Self {
            access: Access::Operator,
            ..self
        }
    }

    /// People need a role that gives this. A row that does not say so is for tokens only.
    pub(super) fn needs(self, permission: Permission) -> Self {
        Self {
            needs: Some(permission),
            ..self
        }
    }

    /// Keeps its use out of the audit log: it changes no setting, or is told elsewhere.
    pub(super) fn unaudited(self) -> Self {
        Self {
            audited: false,
            ..self
        }
    }

    pub(super) fn asks<T: JsonSchema>(self) -> Self {
        Self {
            asks: Some(T::json_schema),
            ..self
        }
    }

    pub(super) fn takes<T: JsonSchema>(self) -> Self {
        Self {
            takes: Takes::Json(schema_of::<T>),
            ..self
        }
    }

    pub(super) fn takes_patch<T: JsonSchema>(self) -> Self {
        Self {
            takes: Takes::Patch(T::json_schema),
            ..self
        }
    }

    pub(super) fn takes_json_or_file<T: JsonSchema>(self) -> Self {
        Self {
            takes: Takes::JsonOrFile(schema_of::<T>),
            ..self
        }
    }

    pub(super) fn gives<T: JsonSchema>(self) -> Self {
        Self {
            gives: Gives::Json(schema_of::<T>),
            ..self
        }
    }

    pub(super) fn gives_media(self, media: &'static str) -> Self {
        Self {
            gives: Gives::Media(media),
            ..self
        }
    }

    pub(super) fn status(self, status: StatusCode) -> Self {
        Self { status, ..self }
    }

    pub(super) fn refuses(self, refuses: &'static [Kind]) -> Self {
        Self { refuses, ..self }
    }

    /// Accepts larger bodies than other rows do.
    pub(super) fn body_bytes_max(self, bytes: usize) -> Self {
        let route = self.route.layer(DefaultBodyLimit::max(bytes));
        Self { route, ..self }
    }
}

fn schema_of<T: JsonSchema>(generator: &mut SchemaGenerator) -> Schema {
    generator.subschema_for::<T>()
}

/// Every route of the native dialect.
pub(super) fn rows() -> Vec<Row> {
    [
        super::session::rows(),
        super::staff::rows(),
        super::skill_groups::rows(),
        super::extensions::rows(),
        super::phone::rows(),
        super::overview::rows(),
        super::audit::rows(),
        super::instances::rows(),
        super::credentials::rows(),
        super::tokens::rows(),
        super::trunks::rows(),
        super::numbers::rows(),
        super::voice_agents::rows(),
        super::voice_agent_trial::rows(),
        super::language_models::rows(),
        super::speech_services::rows(),
        super::tool_secrets::rows(),
        super::sounds::rows(),
        super::call_rules::rows(),
        super::do_not_call::rows(),
        super::quotas::rows(),
        super::queues::rows(),
        super::webhook_endpoints::rows(),
        super::deliveries::rows(),
        super::calls::rows(),
        super::call_instruct::rows(),
        super::call_hold::rows(),
        super::participants::rows(),
        super::call_outline::rows(),
        super::call_review::rows(),
        super::call_export::rows(),
        super::campaigns::rows(),
        super::events::rows(),
        super::chat::rows(),
        super::dialogues::rows(),
        super::robots::rows(),
        super::recordings::rows(),
        super::transcripts::rows(),
        super::health::rows(),
        super::setup::rows(),
        super::openapi::rows(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Every route of the native dialect. Paths that it does not know are *not found*.
pub fn router(native: &Native) -> Router {
    let rows = rows();
    let shown: BTreeMap<&str, MethodRouter> = rows
        .iter()
        .filter(|row| row.method == "get" && matches!(row.gives, Gives::Json(_)))
        .map(|row| (row.path, row.route.clone().with_state(native.clone())))
        .collect();
    rows.into_iter()
        .fold(Router::new(), |router, row| {
            let gate = Gate {
                native: native.clone(),
                access: row.access,
                needs: row.needs,
                audited: row.audited && row.access != Access::Public,
                name: format!("{} {}", row.method, row.path).into(),
                shown: shown.get(row.path).cloned(),
            };
            let admitted = row.route.route_layer(from_fn_with_state(gate, admit));
            router.route(row.path, admitted)
        })
        .merge(super::customer::routes())
        .fallback(|| async { StatusCode::NOT_FOUND })
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .layer(from_fn(envelope))
        .with_state(native.clone())
}

/// Puts routes, those of other dialects included, behind set-up: until there is an operator's
/// token, only the set-up page and the liveness check answer.
pub fn behind_setup(native: Native, routes: Router) -> Router {
    routes.layer(from_fn_with_state(native, gate))
}
