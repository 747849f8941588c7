//! `cargo xtask gen`: writes the files that are generated from the code and kept in the repository.
//!
//! The API descriptions come from the server itself, so that a review shows what a change does to the API. The web
//! client's types are made from these descriptions, so that what the two sides say of the wire is one and the same.

use serde_json::Value;

use crate::tools::{self, Profile, Result};

mod types;

const OPENAPI: &str = "docs/openapi.json";
const ASYNCAPI: &str = "docs/asyncapi.json";
const TYPES: &str = "web/src/protocol.gen.ts";

pub fn write() -> Result {
    let server = tools::build_server(Profile::Debug)?;
    for (path, args) in [(OPENAPI, &["openapi"][..]), (ASYNCAPI, &["openapi", "--async"])] {
        let text = tools::output(tools::command(&server).args(args))?;
        put(path, &format!("{}\n", text.trim_end()))?;
    }
    put(TYPES, &types()?)?;
    vectors()
}

/// The state of the Rust client is what the web client's is measured by; its own test writes down what it says. That takes a
/// minute, so it is done when the state says something else than before.
fn vectors() -> Result {
    let test = || {
        let mut test = tools::cargo();
        test.args(["test", "--quiet", "--package", "laserchat-client", "--test", "converge", "vectors"]);
        test
    };
    if tools::succeeds(&mut test()) {
        println!("the shared vectors are what the state of the Rust client says");
        return Ok(());
    }
    tools::run(test().env("UPDATE_VECTORS", "1"))
}

fn put(path: &str, text: &str) -> Result {
    std::fs::write(tools::root().join(path), text).map_err(|error| format!("cannot write {path}: {error}"))?;
    println!("wrote {path}");
    Ok(())
}

/// The TypeScript types of the descriptions as they are kept.
fn types() -> Result<String> {
    Ok(types::typescript(&kept(OPENAPI)?, &kept(ASYNCAPI)?))
}

fn kept(path: &str) -> Result<Value> {
    let text =
        std::fs::read_to_string(tools::root().join(path)).map_err(|error| format!("cannot read {path}: {error}"))?;
    serde_json::from_str(&text).map_err(|error| format!("{path} is not JSON: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// That the descriptions are the server's own is a test of the server.
    #[test]
    fn the_types_of_the_web_client_are_the_generated_ones() {
        let kept = std::fs::read_to_string(tools::root().join(TYPES)).unwrap_or_default();
        let generated = types().unwrap();
        let line = kept.lines().zip(generated.lines()).position(|(kept, new)| kept != new);
        assert!(
            kept == generated,
            "{TYPES} is not what crates/protocol says (first at line {:?}): run `cargo xtask gen`",
            line.map(|line| line + 1)
        );
    }
}
