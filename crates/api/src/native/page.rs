//! Lists in pages.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::{Page, Paging};

use super::field::{Instance, Int};

/// Items of a page where the request does not say.
const LIMIT_DEFAULT: u32 = 50;

/// Items to leave out at the front.
pub(super) type Offset = Int<0, 1_000_000_000>;

/// Most items of a page.
pub(super) type Limit = Int<0, 200>;

/// Part of a list.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PageAsk {
    /// Items to leave out at the front; 0 if absent.
    pub offset: Option<Offset>,
    /// Most items to give; 50 if absent.
    pub limit: Option<Limit>,
}

/// Part of a list of one instance's things.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct InstancePageAsk {
    /// Whose things; needed only with an operator's token where there are several instances.
    pub instance: Option<Instance>,
    /// Items to leave out at the front; 0 if absent.
    pub offset: Option<Offset>,
    /// Most items to give; 50 if absent.
    pub limit: Option<Limit>,
}

/// One thing of one instance.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct InstanceAsk {
    /// Whose thing; needed only with an operator's token where there are several instances.
    pub instance: Option<Instance>,
}

/// No parameters at all: an unknown one is refused here too.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NoAsk {}

/// The part of a list that `offset` and `limit` ask for.
pub(super) fn paging(offset: Option<Offset>, limit: Option<Limit>) -> Paging {
    Paging {
        offset: offset.map_or(0, Int::as_u32),
        limit: limit.map_or(LIMIT_DEFAULT, Int::as_u32),
    }
}

/// A page of a list.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "PageOf{T}")]
pub(super) struct PageView<T> {
    /// The items, in the order of the list.
    pub items: Vec<T>,
    /// Length of the whole list.
    pub total: i64,
}

impl<T> PageView<T> {
    /// A page of the store, each item shown by `view`.
    pub(super) fn of<S>(page: Page<S>, view: impl FnMut(S) -> T) -> Self {
        Self {
            items: page.items.into_iter().map(view).collect(),
            total: page.total,
        }
    }
}
