//! Lists the built web client, so that the binary carries it: every file of `web/dist` with its media type, a mark of its
//! content, and the compressed forms that the web client's own build left beside it.
//!
//! Nobody needs Node to build the server: without a built web client the list is empty. `WEB_DIST` names another folder,
//! for those who build the two apart.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let here = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let dist = env::var_os("WEB_DIST").map_or_else(|| here.join("../../web/dist"), PathBuf::from);
    // Cargo builds anew after every change below a folder that is there, and every time for one that is not. Where the
    // sources cannot be written to, the second is what happens.
    let _ = fs::create_dir_all(&dist);
    println!("cargo::rerun-if-env-changed=WEB_DIST");
    println!("cargo::rerun-if-changed={}", dist.display());

    let mut files = BTreeMap::new();
    if dist.join("index.html").is_file() {
        collect(&dist.canonicalize()?, "", &mut files)?;
    }
    let mut list = String::from("&[\n");
    for (path, file) in &files {
        if path.ends_with(".br") || path.ends_with(".gz") {
            continue;
        }
        let mut mark = DefaultHasher::new();
        fs::read(file)?.hash(&mut mark);
        let compressed = |suffix: &str| match files.get(&format!("{path}{suffix}")) {
            Some(file) => format!("Some(include_bytes!({file:?}))"),
            None => "None".to_owned(),
        };
        let _ = writeln!(
            list,
            "    File {{ path: {path:?}, kind: {:?}, mark: \"{:016x}\", plain: include_bytes!({file:?}), brotli: {}, gzip: {} }},",
            kind(path),
            mark.finish(),
            compressed(".br"),
            compressed(".gz"),
        );
    }
    list.push(']');
    fs::write(Path::new(&env::var_os("OUT_DIR").unwrap_or_default()).join("web.rs"), list)
}

/// All files of a folder, by their paths on the server. What is hidden is not for it.
fn collect(folder: &Path, base: &str, files: &mut BTreeMap<String, PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let path = format!("{base}/{}", entry.file_name().to_string_lossy());
        if entry.file_name().as_encoded_bytes().starts_with(b".") {
            continue;
        }
        if entry.file_type()?.is_dir() {
            collect(&entry.path(), &path, files)?;
        } else {
            files.insert(path, entry.path());
        }
    }
    Ok(())
}

/// The media type of a file by its name. What is not listed is handed out as bytes, which no browser interprets.
fn kind(path: &str) -> &'static str {
    match path.rsplit_once('.').map_or("", |(_, extension)| extension) {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "txt" => "text/plain; charset=utf-8",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "avif" => "image/avif",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "mp3" => "audio/mpeg",
        "ogg" => "audio/ogg",
        "wav" => "audio/wav",
        "wasm" => "application/wasm",
        _ => "application/octet-stream",
    }
}
