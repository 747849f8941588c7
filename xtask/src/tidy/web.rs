//! The web client's own rules: who imports whom, a comment at the top of each file, no long files, and every language
//! with the same catalogues. Its compiler lets anything import anything, and that is how features grow into each other.

use std::collections::BTreeSet;

use super::File;

const SOURCES: &str = "web/src/";
const MOST_LINES: usize = 400;

/// What each part may import besides itself and `protocol.gen`. A feature's own part is its folder.
const MAY_IMPORT: [(&str, &[&str]); 6] = [
    ("text", &[]),
    ("lib", &["text"]),
    ("ui", &["lib"]),
    ("sync", &["lib"]),
    ("features", &["ui", "lib", "sync"]),
    ("app", &["features", "ui", "lib", "sync", "text"]),
];

/// What the rest of the client knows of `sync`.
const SYNC_IS: [&str; 4] = ["sync", "sync/index", "sync/contract", "sync/state/testing/make"];

const LANGUAGES: [&str; 4] = ["en", "de", "es", "ar"];

pub fn check(file: &File) -> Vec<String> {
    let is_code = ["ts", "tsx"].contains(&file.extension());
    if !file.path.starts_with("web/") || file.path.contains(".gen.") || !(is_code || file.extension() == "css") {
        return Vec::new();
    }
    let mut problems = Vec::new();
    let lines = file.text.lines().count();
    if lines > MOST_LINES {
        problems.push(file.problem(lines, &format!("{lines} lines, and {MOST_LINES} is the most in web/")));
    }
    if is_code && !file.text.trim_start().starts_with("//") && !file.text.trim_start().starts_with("/*") {
        problems.push(file.problem(1, "does not open with a comment that says what it is"));
    }
    if let Some(path) = file.path.strip_prefix(SOURCES).filter(|_| is_code) {
        for (number, line) in file.text.lines().enumerate() {
            for target in targets(line) {
                if let Some(why) = resolve(path, target).and_then(|target| refusal(path, &target)) {
                    problems.push(file.problem(number + 1, &format!("imports {target}: {why}")));
                }
            }
        }
    }
    problems
}

/// A catalogue of one language is there in the others.
pub fn check_languages(names: &[String]) -> Vec<String> {
    let folder = |language: &str| format!("{SOURCES}text/{language}/");
    let in_language = |language| names.iter().filter_map(move |name| name.strip_prefix(&folder(language)));
    let catalogues: BTreeSet<&str> = LANGUAGES.into_iter().flat_map(in_language).collect();
    let everywhere = LANGUAGES.into_iter().flat_map(|language| {
        let path = move |catalogue: &&str| format!("{}{catalogue}", folder(language));
        catalogues.iter().map(path)
    });
    everywhere.filter(|path| !names.contains(path)).map(|path| format!("{path} is missing")).collect()
}

/// What a line imports: the text in quotes after `from`, `import` or `import(`.
fn targets(line: &str) -> impl Iterator<Item = &str> {
    let line = if line.trim_start().starts_with("//") { "" } else { line };
    let starts = ["from '", "import '", "import('"];
    starts.into_iter().flat_map(move |start| line.split(start).skip(1)).filter_map(|rest| rest.split('\'').next())
}

/// The path below `web/src` that an import means; nothing for a package.
fn resolve(from: &str, target: &str) -> Option<String> {
    if let Some(path) = target.strip_prefix("@/") {
        return Some(path.to_owned());
    }
    if !target.starts_with('.') {
        return None;
    }
    let mut path: Vec<&str> = from.split('/').collect();
    path.pop();
    for part in target.split('/') {
        match part {
            "." => {}
            ".." => drop(path.pop()),
            name => path.push(name),
        }
    }
    Some(path.join("/"))
}

/// Why a file may not import another, if it may not.
fn refusal(from: &str, to: &str) -> Option<String> {
    let (mine, theirs) = (part(from), part(to));
    if to == "protocol.gen" {
        return None;
    }
    if theirs == "sync" && mine != "sync" && !SYNC_IS.contains(&to) {
        return Some("of sync only `@/sync` is known outside of it".to_owned());
    }
    if mine == theirs {
        let own = |path: &str| path.split('/').nth(1).map(str::to_owned);
        let other = mine == "features" && own(from) != own(to);
        return other.then(|| "a feature knows no other feature; `app` brings them together".to_owned());
    }
    // The entry file, and whatever else stands beside the parts, starts the application.
    let mine = if MAY_IMPORT.iter().any(|(name, _)| *name == mine) { mine } else { "app" };
    let allowed = MAY_IMPORT.iter().find(|(name, _)| *name == mine).map_or(&[][..], |(_, allowed)| allowed);
    let known = MAY_IMPORT.iter().any(|(name, _)| *name == theirs);
    let may = allowed.contains(&theirs) || (mine == "app" && (theirs == "app" || !known));
    (!may).then(|| format!("{mine} may import {}", one_of(allowed)))
}

/// The part of the client that a path belongs to.
fn part(path: &str) -> &str {
    path.split('/').next().unwrap_or_default()
}

fn one_of(names: &[&str]) -> String {
    if names.is_empty() { "nothing of the client but itself".to_owned() } else { format!("only {}", names.join(", ")) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::file;

    fn may(from: &str, target: &str) -> bool {
        let text = format!("// What it is.\nimport {{ a }} from '{target}';\n");
        check(&file(&format!("{SOURCES}{from}"), &text)).is_empty()
    }

    #[test]
    fn arrows_point_one_way() {
        assert!(
            may("lib/time.ts", "@/protocol.gen") && may("lib/time.ts", "./text") && may("lib/text.ts", "../text/en")
        );
        assert!(!may("lib/time.ts", "@/ui") && !may("lib/time.ts", "@/sync"));
        assert!(may("ui/Button.tsx", "@/lib/cx") && may("ui/markdown/Text.tsx", "../Button"));
        assert!(!may("ui/Button.tsx", "@/sync") && !may("ui/Button.tsx", "@/features/message/Row"));
        assert!(may("sync/state/room.ts", "../index") && may("sync/index.ts", "@/lib/time"));
        assert!(!may("sync/index.ts", "@/ui") && !may("sync/index.ts", "../app/App"));
        assert!(
            may("main.tsx", "./app/App") && may("app/App.tsx", "@/features/session") && may("app/App.tsx", "@/sync")
        );
        assert!(!may("ui/Button.tsx", "@/app/App") && !may("ui/Button.tsx", "../main"));
        assert!(may("features/message/Row.tsx", "react") && may("text/en/index.ts", "./message"));
    }

    #[test]
    fn features_know_no_other_and_sync_only_from_outside() {
        assert!(may("features/message/Row.tsx", "./Body") && may("features/message/menu/Menu.tsx", "../Body"));
        assert!(may("features/message/Row.tsx", "@/features/message/Body"));
        assert!(!may("features/message/Row.tsx", "@/features/thread/Pane"));
        assert!(!may("features/message/Row.tsx", "../thread/Pane"));
        assert!(may("features/message/Row.tsx", "@/sync") && may("app/App.tsx", "@/sync/contract"));
        assert!(!may("features/message/Row.tsx", "@/sync/state") && !may("app/App.tsx", "@/sync/driver"));
    }

    #[test]
    fn every_kind_of_import_is_seen_and_comments_are_not() {
        let problems = |line: &str| check(&file("web/src/ui/X.tsx", &format!("// X.\n{line}\n"))).len();
        assert_eq!(problems("const Y = lazy(() => import('@/features/y/Y'));"), 1);
        assert_eq!(problems("export * from '@/sync';"), 1);
        assert_eq!(problems("import type { Y } from '@/sync/contract';"), 1);
        assert_eq!(problems("import '../app/app.css';"), 1);
        assert_eq!(problems("// import '../app/app.css';"), 0);
    }

    #[test]
    fn files_are_short_and_say_what_they_are() {
        let problems = |path: &str, text: &str| check(&file(path, text)).len();
        assert_eq!(problems("web/vite.config.ts", "// Builds.\nexport default 1;\n"), 0);
        assert_eq!(problems("web/vite.config.ts", "export default 1;\n"), 1);
        assert_eq!(problems("web/src/a.gen.ts", "export default 1;\n"), 0);
        let long = format!("/* Long. */\n{}", "\n".repeat(MOST_LINES));
        assert_eq!(problems("web/src/ui/a.ts", &long) + problems("web/src/ui/a.css", &long), 2);
        assert_eq!(problems("tests/external/a.ts", &long), 0);
    }

    #[test]
    fn languages_have_the_same_catalogues() {
        let names = |paths: &[&str]| paths.iter().map(|path| format!("{SOURCES}text/{path}")).collect::<Vec<_>>();
        let whole = names(&["en/a.ts", "de/a.ts", "es/a.ts", "ar/a.ts"]);
        assert!(check_languages(&whole).is_empty());
        assert_eq!(check_languages(&whole[..3]).len(), 1);
        assert_eq!(check_languages(&names(&["de/b.ts"])).len(), 3);
    }
}
