//! Files that were made to do harm, sent to a real server, while others chat on it and notice nothing.

use std::fs::File;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use laserchat_tests::upload::{looked_into, png, ready, upload};
use laserchat_tests::{Person, Process, patiently, process};
use serde_json::{Value, json};

const HUGE: u64 = 5 << 30;

/// Two people who chat all the time.
struct Chat {
    stop: Arc<AtomicBool>,
    heard: Arc<AtomicUsize>,
    task: tokio::task::JoinHandle<usize>,
}

impl Chat {
    async fn start(address: &str) -> Chat {
        let [ann, bob] = [Person::register(address, "ann").await, Person::register(address, "bob").await];
        let conversation = ann.direct(&bob).await;
        let (stop, heard) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
        let (stopped, counted) = (Arc::clone(&stop), Arc::clone(&heard));
        let task = tokio::spawn(async move {
            let (mut speaking, mut listening) = (ann.connect().await, bob.connect().await);
            let mut said = 0;
            while !stopped.load(Ordering::Relaxed) {
                let body = format!("sentence {said}");
                let ack = speaking.say(&conversation, &body, &body).await;
                assert_eq!(ack["type"], "ack");
                assert_eq!(listening.expect("message.sent").await["message"]["body"], json!(body));
                said += 1;
                counted.store(said, Ordering::Relaxed);
            }
            said
        });
        Chat { stop, heard, task }
    }

    /// Waits until something more was said and heard from now on.
    async fn goes_on(&self) {
        let before = self.heard.load(Ordering::Relaxed);
        patiently("the chat to go on", async {
            while self.heard.load(Ordering::Relaxed) <= before + 1 {
                assert!(!self.task.is_finished(), "the chat broke");
                tokio::task::yield_now().await;
            }
        })
        .await;
    }

    async fn end(self) -> usize {
        self.stop.store(true, Ordering::Relaxed);
        patiently("the chat to end", self.task).await.expect("nobody noticed anything")
    }
}

/// The most memory that a process ever had, in bytes.
fn peak(process: &Process) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", process.id())).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("a peak");
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() * 1024
}

async fn start(data: &std::path::Path) -> Process {
    let mut serve = process::command();
    serve.args(["serve", "--rate-limits", "off", "--listen", "127.0.0.1:0", "--files-bytes", "8589934592", "--data"]);
    serve.arg(data).stderr(std::process::Stdio::null());
    Process::run(serve).await
}

fn png_that_says_it_is(width: u32, height: u32) -> Vec<u8> {
    // A whole picture, but for its size, so that only the size can be what it is refused for.
    let mut png = png();
    png[16..20].copy_from_slice(&width.to_be_bytes());
    png[20..24].copy_from_slice(&height.to_be_bytes());
    let sum = crc32(&png[12..29]).to_be_bytes();
    png[29..33].copy_from_slice(&sum);
    png
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |mut sum: u32, byte| {
        sum ^= u32::from(*byte);
        for _ in 0..8 {
            sum = if sum & 1 == 1 { (sum >> 1) ^ 0xedb8_8320 } else { sum >> 1 };
        }
        sum
    })
}

/// Black pictures compress to next to nothing.
fn black(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    image::DynamicImage::new_luma8(width, height).write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner()
}

fn gif_and_page() -> Vec<u8> {
    let mut gif = std::io::Cursor::new(Vec::new());
    image::DynamicImage::new_rgb8(20, 10).write_to(&mut gif, image::ImageFormat::Gif).unwrap();
    [&gif.into_inner()[..], b"<html><script>alert(1)</script>"].concat()
}

/// Serves nothing that a browser could run, whatever the file is.
async fn is_served_harmlessly(who: &Person, file: &Value) -> bool {
    let answer = who.tus().get(&format!("/files/{}/content", file["id"].as_str().unwrap()), &[]).await;
    assert_eq!(answer.status(), 200);
    let headers = answer.headers().clone();
    assert_eq!(headers["content-security-policy"], "sandbox; default-src 'none'");
    assert_eq!(headers["x-content-type-options"], "nosniff");
    assert_eq!(headers["content-type"], file["mime"].as_str().unwrap());
    let bytes = answer.bytes().await.unwrap();
    let shown = headers["content-disposition"].to_str().unwrap().starts_with("inline");
    assert!(!shown || !bytes.windows(5).any(|window| window == b"alert"), "{file:#}");
    shown
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_is_hurt_and_nobody_notices() {
    let folder = tempfile::tempdir().unwrap();
    let process = start(folder.path()).await;
    let chat = Chat::start(&process.address).await;
    let eve = Person::register(&process.address, "eve").await;
    chat.goes_on().await;
    let before = peak(&process);
    for (name, bytes, kind, shown) in [
        ("bomb of pixels.png", png_that_says_it_is(60_000, 60_000), "file", false),
        ("bomb of zeros.png", black(12_000, 12_000), "file", false),
        ("picture and page.html", gif_and_page(), "image", true),
        (
            "script.svg",
            b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>".to_vec(),
            "file",
            false,
        ),
        ("script.png", b"<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>".to_vec(), "file", false),
        ("page.jpg", b"<!DOCTYPE html><script>alert(1)</script>".to_vec(), "file", false),
        ("program.mp4", b"MZ\x90\0\x03\0\0\0".to_vec(), "file", false),
        ("list.mp4", b"#EXTM3U\n#EXTINF:10,\nfile:///etc/passwd\n".to_vec(), "file", false),
        ("picture.html", png(), "image", true),
        ("half of a picture.png", png()[..40].to_vec(), "file", false),
        ("nothing.png", Vec::new(), "file", false),
    ] {
        let id = upload(&eve, name, &bytes).await;
        let file = ready(&eve, &id).await;
        assert_eq!((&file["kind"], &file["name"]), (&json!(kind), &json!(name)));
        assert_eq!(is_served_harmlessly(&eve, &file).await, shown, "{name}");
        let small = eve.tus().get(&format!("/files/{id}/thumbnail"), &[]).await.status();
        assert_eq!(small, if shown { 200 } else { 404 }, "{name}");
        chat.goes_on().await;
    }
    // A face or an emoji must be a picture; these are none.
    for bytes in [png_that_says_it_is(60_000, 60_000), gif_and_page()[20..].to_vec()] {
        let face = eve.tus().create("face.png", bytes.len(), &[("purpose", "avatar")]).await;
        assert_eq!(eve.tus().patch(&face, 0, &bytes).await.status(), 204);
        assert_eq!(looked_into(&eve, &face).await["state"], "refused");
        chat.goes_on().await;
    }
    let after = peak(&process);
    assert!(after < before + (100 << 20), "{before} bytes became {after}");
    assert!(chat.end().await > 13);
    assert!(process.terminate().await.success());
}

/// Five gigabytes, of which almost all are a hole, that begin like a film.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn five_gigabytes_hurt_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let process = start(folder.path()).await;
    let chat = Chat::start(&process.address).await;
    let eve = Person::register(&process.address, "eve").await;
    chat.goes_on().await;
    let (before, tus) = (peak(&process), eve.tus());
    let id = tus.create("huge.mp4", usize::try_from(HUGE).unwrap(), &[]).await;
    assert_eq!(tus.patch(&id, 0, b"\0\0\0\x18ftypisom").await.status(), 204);
    // All but the last bytes, as if they had arrived: what is sent through a socket would take minutes to make.
    let arrived = folder.path().join("uploads").join(&id).join("content");
    File::options().write(true).open(&arrived).unwrap().set_len(HUGE - 5).unwrap();
    assert_eq!(tus.offset(&id).await, HUGE - 5);
    assert_eq!(tus.patch(&id, HUGE - 5, b"12345").await.status(), 204);
    chat.goes_on().await;
    let file = loop {
        let file = eve.get(&format!("/files/{id}")).await.expect(200);
        if file["state"] == "ready" {
            break file;
        }
        assert_eq!(file["state"], "processing");
        chat.goes_on().await;
    };
    assert_eq!((&file["kind"], &file["size"]), (&json!("file"), &json!(HUGE)));
    let end = tus.get(&format!("/files/{id}/content"), &[("range", "bytes=-6")]).await;
    assert_eq!(end.status(), 206);
    assert_eq!(end.bytes().await.unwrap(), &b"\x0012345"[..]);
    assert_eq!(tus.terminate(&id).await.status(), 204);
    let after = peak(&process);
    assert!(after < before + (100 << 20), "{before} bytes became {after}");
    chat.end().await;
    // More than the server takes is told before the first byte.
    assert_eq!(tus.post(&[("upload-length", "8589934593")], b"").await.status(), 413);
    assert!(process.terminate().await.success());
}
