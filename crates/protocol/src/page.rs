//! Lists: `{"items": [...], "next": cursor-or-null}`.

use serde::{Deserialize, Serialize};

/// One page of a list. `next` is opaque: hand it back as `cursor` to get the following page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Page<T> {
    pub items: Vec<T>,
    #[cfg_attr(feature = "schema", schema(required))]
    pub next: Option<String>,
}

impl<T> Page<T> {
    /// A list that fits on one page.
    pub fn whole(items: Vec<T>) -> Self {
        Page { items, next: None }
    }
}
