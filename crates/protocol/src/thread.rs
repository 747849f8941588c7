//! Threads: the replies under one message, and who follows them.

use serde::{Deserialize, Serialize};

use crate::Message;

/// `GET /messages/{id}/thread`: the parent and a page of its replies in seq order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ThreadPage {
    pub parent: Message,
    pub items: Vec<Message>,
    #[cfg_attr(feature = "schema", schema(required))]
    pub next: Option<String>,
}
