//! Export of one's own data.

use laserchat_protocol::export::{Export, ExportState};
use laserchat_protocol::{Code, Problem};

use super::failed;
use crate::app::App;
use crate::auth::Identity;
use crate::work::export;

/// Asks for an export. The second value: it is new.
pub async fn begin(app: &App, who: &Identity) -> Result<(Export, bool), Problem> {
    let (export, new) = app.store.begin_export(who.user, app.ids.now()).await.map_err(failed)?;
    if new {
        app.wakers.exports.notify_one();
    }
    Ok((export, new))
}

pub async fn show(app: &App, who: &Identity) -> Result<Export, Problem> {
    app.store.export(who.user).await.map_err(failed)?.ok_or(Code::NotFound.into())
}

/// The finished archive.
pub async fn open(app: &App, who: &Identity) -> Result<std::fs::File, Problem> {
    let export = show(app, who).await?;
    if export.state != ExportState::Ready {
        return Err(Problem::new(Code::NotFound).detail("it is not ready"));
    }
    std::fs::File::open(export::path(app, who.user)).map_err(|error| {
        tracing::warn!(user = %who.user, %error, "an export is missing");
        Code::NotFound.into()
    })
}
