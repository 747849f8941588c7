//! Viruses, with a real clamd and a database of one harmless signature: the test file that all scanners know.

use std::path::Path;
use std::process::{Child, Command, Stdio};

use laserchat_server::media::scan::{Place, Scanner};
use laserchat_server::media::{Limits, Refused};
use tempfile::TempDir;

use super::{Seen, corners, encoded, limits, look_with};

/// The test file of the European Institute for Computer Antivirus Research, in two halves, so that no scanner takes this
/// source for it.
fn eicar() -> Vec<u8> {
    [&br"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-"[..], b"ANTIVIRUS-TEST-FILE!$H+H*"].concat()
}

/// A clamd of one's own. It ends with the test.
struct Clamd {
    child: Child,
    folder: TempDir,
    port: u16,
}

impl Drop for Clamd {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn program() -> Option<&'static str> {
    let found = ["/usr/sbin/clamd", "/usr/local/sbin/clamd"].into_iter().find(|path| Path::new(path).is_file());
    if found.is_none() {
        eprintln!("skipped: clamd is not installed");
    }
    found
}

/// Starts it, and waits until it answers.
async fn clamd() -> Option<Clamd> {
    let program = program()?;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().display();
    let signature: String = eicar().iter().map(|byte| format!("{byte:02x}")).collect();
    std::fs::write(folder.path().join("own.ndb"), format!("Own-Test-Signature:0:*:{signature}\n")).unwrap();
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let configuration = format!(
        "DatabaseDirectory {path}\nLocalSocket {path}/clamd.sock\nTCPSocket {port}\nTCPAddr 127.0.0.1\n\
         Foreground yes\nStreamMaxLength 2M\nTemporaryDirectory {path}\n"
    );
    std::fs::write(folder.path().join("clamd.conf"), configuration).unwrap();
    let mut command = Command::new(program);
    command
        .arg(format!("--config-file={path}/clamd.conf"))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let mut clamd = Clamd { child: command.spawn().unwrap(), folder, port };
    loop {
        let (unix, tcp) = (clamd.scanner(true).ping().await, clamd.scanner(false).ping().await);
        if unix.is_ok() && tcp.is_ok() {
            return Some(clamd);
        }
        assert!(clamd.child.try_wait().unwrap().is_none(), "clamd does not start");
        tokio::task::yield_now().await;
    }
}

impl Clamd {
    fn scanner(&self, unix: bool) -> Scanner {
        let place = if unix {
            Place::Unix(self.folder.path().join("clamd.sock"))
        } else {
            Place::Tcp(format!("127.0.0.1:{}", self.port))
        };
        Scanner { place, required: true, most_bytes: 100 << 20 }
    }
}

async fn scan(bytes: &[u8], scanner: Scanner) -> Seen {
    look_with(bytes, "file.txt", &Limits { scanner: Some(scanner), ..limits() }).await
}

#[tokio::test]
async fn viruses_are_refused_and_others_are_not() {
    let Some(clamd) = clamd().await else { return };
    for unix in [true, false] {
        let virus = scan(&eicar(), clamd.scanner(unix)).await;
        assert!(matches!(&virus.found.refused, Some(Refused::Virus(name)) if name.contains("Own-Test-Signature")));
        // In the middle of a long file as well, behind the first pieces that are sent.
        let hidden = [&vec![b'x'; 300_000][..], &eicar(), &[b'y'; 100_000]].concat();
        assert!(matches!(scan(&hidden, clamd.scanner(unix)).await.found.refused, Some(Refused::Virus(_))));
        let clean = scan(&encoded(&corners(20, 10), image::ImageFormat::Png), clamd.scanner(unix)).await;
        assert_eq!((clean.found.refused.as_ref(), clean.found.mime.as_str()), (None, "image/png"));
        assert_eq!(scan(b"", clamd.scanner(unix)).await.found.refused, None);
    }
}

#[tokio::test]
async fn what_cannot_be_scanned_is_refused_only_where_scanning_is_required() {
    let Some(clamd) = clamd().await else { return };
    let long = vec![b'x'; 3 << 20];
    // Longer than the server sends, and longer than clamd takes.
    for most_bytes in [1 << 20, 100 << 20] {
        let scanner = Scanner { most_bytes, ..clamd.scanner(true) };
        assert_eq!(scan(&long, scanner.clone()).await.found.refused, Some(Refused::TooLarge), "{most_bytes}");
        assert_eq!(scan(&long, Scanner { required: false, ..scanner }).await.found.refused, None);
    }
}

#[tokio::test]
async fn a_scanner_that_is_away_stops_files_only_where_it_is_required() {
    let away = |required| Scanner { place: Place::Unix("/absent/clamd.sock".into()), required, most_bytes: 1 << 20 };
    assert_eq!(scan(b"words", away(true)).await.found.refused, Some(Refused::ScannerAway));
    let kept = scan(b"words", away(false)).await;
    assert_eq!((kept.found.refused.as_ref(), kept.found.mime.as_str()), (None, "text/plain"));
    // Somebody who hangs up without a verdict.
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let place = Place::Tcp(listener.local_addr().unwrap().to_string());
    tokio::spawn(async move { while listener.accept().await.is_ok() {} });
    let silent = Scanner { place, required: true, most_bytes: 1 << 20 };
    assert_eq!(scan(b"words", silent).await.found.refused, Some(Refused::ScannerAway));
}
