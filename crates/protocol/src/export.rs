//! Export: a copy of what is one's own, to keep or to take elsewhere.

use serde::{Deserialize, Serialize};

use crate::Timestamp;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ExportState {
    /// It waits or is being written.
    Running,
    /// It can be fetched from `GET /me/export/content`.
    Ready,
    /// It could not be written; ask again.
    Failed,
}

/// `POST /me/export` and `GET /me/export`: one per person at a time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Export {
    pub state: ExportState,
    pub created_at: Timestamp,
    #[cfg_attr(feature = "schema", schema(required))]
    pub finished_at: Option<Timestamp>,
    /// When it is removed again.
    #[cfg_attr(feature = "schema", schema(required))]
    pub expires_at: Option<Timestamp>,
    #[cfg_attr(feature = "schema", schema(required))]
    pub bytes: Option<u64>,
}
