//! Dependencies point one way, and only one crate speaks SQL. The walls between the crates are what keeps
//! the rules pure and the wire types light, so a turned arrow is an error even where cargo would allow it.

use serde_json::Value;

const OURS: &str = "laserchat-";

/// The servers that tests start, of which the tests of every crate may make use.
const GROUND: &str = "ground";

/// Which of our crates each crate may use. A crate that is not named may use all (tests, measuring), but
/// then none of these may use it.
const MAY_USE: [(&str, &[&str]); 7] = [
    ("protocol", &[]),
    ("codec", &["protocol"]),
    ("core", &["protocol"]),
    ("store", &["protocol", "core"]),
    ("client", &["protocol"]),
    ("server", &["protocol", "codec", "core", "store", "client"]),
    (GROUND, &[]),
];

const SQL: [&str; 2] = ["rusqlite", "libsqlite3-sys"];

/// Who may speak it: the store, and tests that look beneath it, at what a deletion has left on the disk.
const SPEAKS_SQL: [&str; 2] = ["store", "tests"];

/// Checks what `cargo metadata` says about the workspace's packages, dependencies for tests included.
pub fn check(metadata: &Value) -> Vec<String> {
    let mut problems = Vec::new();
    for package in list(&metadata["packages"]) {
        let name = text(&package["name"]);
        let short = name.strip_prefix(OURS).unwrap_or(name);
        let rule = MAY_USE.iter().find(|(crate_name, _)| *crate_name == short);
        for dependency in list(&package["dependencies"]) {
            let used = text(&dependency["name"]);
            if let (Some((_, allowed)), Some(used)) = (rule, used.strip_prefix(OURS))
                // A crate may use itself: that is how its tests turn a feature of it on.
                && used != short
                && !allowed.contains(&used)
                && !(used == GROUND && text(&dependency["kind"]) == "dev")
            {
                problems.push(format!("{name} must not depend on {OURS}{used}"));
            }
            if SQL.contains(&used) && !SPEAKS_SQL.contains(&short) {
                problems.push(format!("{name} must not depend on {used}: only store knows SQL"));
            }
        }
    }
    problems
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn problems(name: &str, uses: &[&str]) -> usize {
        let dependencies: Vec<Value> = uses.iter().map(|name| json!({ "name": name })).collect();
        check(&json!({ "packages": [{ "name": name, "dependencies": dependencies }] })).len()
    }

    #[test]
    fn arrows_point_one_way() {
        assert_eq!(problems("laserchat-core", &["laserchat-protocol", "serde"]), 0);
        assert_eq!(problems("laserchat-protocol", &["laserchat-core"]), 1);
        assert_eq!(problems("laserchat-store", &["laserchat-server", "laserchat-client"]), 2);
        assert_eq!(problems("laserchat-client", &["laserchat-core"]), 1);
        assert_eq!(problems("laserchat-server", &["laserchat-tests"]), 1);
        assert_eq!(problems("laserchat-tests", &["laserchat-server", "laserchat-client"]), 0);
    }

    #[test]
    fn tests_stand_on_the_ground_and_programs_do_not() {
        let uses = |kind: Value| {
            let ground = json!({ "name": "laserchat-ground", "kind": kind });
            check(&json!({ "packages": [{ "name": "laserchat-store", "dependencies": [ground] }] })).len()
        };
        assert_eq!(uses(json!("dev")), 0);
        assert_eq!(uses(Value::Null), 1);
        assert_eq!(problems("laserchat-ground", &["laserchat-protocol"]), 1);
    }

    #[test]
    fn only_store_knows_sql() {
        assert_eq!(problems("laserchat-store", &["rusqlite"]), 0);
        assert_eq!(problems("laserchat-server", &["rusqlite"]), 1);
        assert_eq!(problems("laserchat-client", &["libsqlite3-sys"]), 1);
        assert_eq!(problems("laserchat-tests", &["rusqlite"]), 0);
    }
}
