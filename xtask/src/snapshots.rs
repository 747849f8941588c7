//! `cargo xtask gen`: writes the files that are generated from the code and kept in the repository.
//!
//! The API descriptions come from the server itself, so that a review shows what a change does to the API.

use crate::tools::{self, Profile, Result};

const DESCRIPTIONS: [(&str, &[&str]); 2] =
    [("docs/openapi.json", &["openapi"]), ("docs/asyncapi.json", &["openapi", "--async"])];

pub fn write() -> Result {
    let server = tools::build_server(Profile::Debug)?;
    for (path, args) in DESCRIPTIONS {
        let text = tools::output(tools::command(&server).args(args))?;
        let text = format!("{}\n", text.trim_end());
        std::fs::write(tools::root().join(path), text).map_err(|error| format!("cannot write {path}: {error}"))?;
        println!("wrote {path}");
    }
    Ok(())
}
