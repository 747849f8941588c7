//! The program as its image runs it, without an engine for containers: on a root that has what the smallest image has and cannot
//! be written to, as nobody in particular, with one folder of its own.

use std::os::unix::fs::{DirBuilderExt, chown};
use std::path::{Path, PathBuf};
use std::process::Stdio;

use laserchat_tests::process::{self, Process};
use laserchat_tests::upload::{png, ready, upload};
use laserchat_tests::{Person, patiently};
use serde_json::json;
use tokio::process::Command;

/// As in `deploy/Containerfile`.
const NOBODY: u32 = 65532;
const PROGRAM: &str = "/usr/local/bin/laserchat";
const AUTHORITIES: &str = "/etc/ssl/certs/ca-certificates.crt";

/// A root with the program, the libraries that it is linked with, the certificates of public authorities, and `/data`.
async fn image(root: &Path) {
    let put = |from: &Path, to: &str| {
        let to = root.join(to.trim_start_matches('/'));
        std::fs::create_dir_all(to.parent().expect("a folder")).expect("a folder");
        std::fs::copy(from, to).expect("a copy");
    };
    put(&process::binary(), PROGRAM);
    let linked = Command::new("ldd").arg(process::binary()).output().await.expect("ldd runs");
    let linked = String::from_utf8(linked.stdout).expect("text");
    for library in linked.split_whitespace().filter(|word| word.starts_with('/')) {
        put(&PathBuf::from(library), library);
    }
    put(Path::new(AUTHORITIES), AUTHORITIES);
    for folder in ["proc", "dev"] {
        std::fs::create_dir(root.join(folder)).expect("a folder");
    }
    std::fs::DirBuilder::new().mode(0o700).create(root.join("data")).expect("a folder");
    chown(root.join("data"), Some(NOBODY), Some(NOBODY)).expect("nobody's folder");
}

/// The program in there, with these arguments.
fn inside(root: &Path, arguments: &[&str]) -> Command {
    let jail = format!(
        "set -e
         mount --bind \"$0\" \"$0\"
         mount --bind \"$0/data\" \"$0/data\"
         mount -t proc proc \"$0/proc\"
         mount --rbind /dev \"$0/dev\"
         mount -o remount,bind,ro \"$0\"
         exec chroot --userspec={NOBODY}:{NOBODY} \"$0\" {PROGRAM} \"$@\""
    );
    let mut command = Command::new("unshare");
    command.args(["--mount", "sh", "-c", &jail]).arg(root).args(arguments);
    command.env_clear().env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin").env("LASERCHAT_DATA", "/data");
    command.env("LASERCHAT_RATE_LIMITS", "off").stdin(Stdio::null()).kill_on_drop(true);
    command
}

async fn run(root: &Path, arguments: &[&str], listen: &str) -> (bool, String) {
    let mut command = inside(root, arguments);
    let output = patiently("a command", command.env("LASERCHAT_LISTEN", listen).output()).await.expect("it runs");
    (output.status.success(), String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_program_needs_nothing_but_its_folder() {
    let may = Command::new("unshare").args(["--mount", "true"]).stderr(Stdio::null()).status().await;
    if !may.is_ok_and(|status| status.success()) || !Path::new(AUTHORITIES).is_file() {
        eprintln!("skipped: only root may mount, and only where there are certificates of authorities");
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path();
    std::fs::set_permissions(root, std::os::unix::fs::PermissionsExt::from_mode(0o755)).expect("for nobody too");
    image(root).await;
    let mut serve = inside(root, &["serve"]);
    let server = Process::run({
        serve.env("LASERCHAT_LISTEN", "127.0.0.1:0").stderr(Stdio::null());
        serve
    })
    .await;
    let status = std::fs::read_to_string(format!("/proc/{}/status", server.id())).expect("it runs");
    let nobody = format!("{NOBODY}\t{NOBODY}\t{NOBODY}\t{NOBODY}");
    assert!(status.contains(&format!("Uid:\t{nobody}")) && status.contains(&format!("Gid:\t{nobody}")), "{status}");
    let ann = Person::register(&server.address, "ann").await;
    let notes = ann.group("notes", &[]).await;
    let picture = upload(&ann, "a.png", &png()).await;
    ready(&ann, &picture).await;
    let send = json!({ "client_id": "1", "body": "a picture", "files": [picture] });
    ann.post(&format!("/conversations/{notes}/messages"), send).await.expect(201);
    let home = reqwest::get(format!("http://{}/", server.address)).await.expect("an answer");
    assert!(home.status().is_success() || home.status() == 404, "the client is inside, where it was built");

    // What orchestrators ask, and what operators do.
    let (well, said) = run(root, &["health"], &server.address).await;
    assert!(well, "{said}");
    let (well, said) = run(root, &["backup", "/backup.db"], &server.address).await;
    assert!(!well && said.contains("Read-only file system"), "{said}");
    let (well, said) = run(root, &["backup", "/data/backup.db"], &server.address).await;
    assert!(well, "{said}");
    assert!(server.terminate().await.success());
}
