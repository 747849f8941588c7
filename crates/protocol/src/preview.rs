//! Link previews: what a page says of itself, shown under the message that links to it.

use serde::{Deserialize, Serialize};

use crate::FileId;

/// What is known of one page. The server fetched it, so that readers do not have to tell the page's owner that they read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Preview {
    /// The link as it stands in the text.
    pub url: String,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub title: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub description: Option<String>,
    /// The name of the site, or else its host.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub site: Option<String>,
    /// A picture, as a file of this server. Not made in this version.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub image_file_id: Option<FileId>,
}
