//! What becomes of pictures, video and sound on their way through a server, as those see it who read them.

use std::io::Cursor;
use std::path::Path;
use std::process::{Command, Stdio};

use image::codecs::gif::{GifEncoder, Repeat};
use image::{DynamicImage, Frame, ImageFormat, Rgb, RgbImage, Rgba, RgbaImage};
use laserchat_server::media::has_ffmpeg;
use laserchat_tests::upload::{looked_into, ready, upload};
use laserchat_tests::{Clamd, Person, Process, TestServer, patiently};
use serde_json::{Value, json};

/// A photograph with a position in its EXIF data, in words that are easily found.
fn photograph(width: u32, height: u32) -> Vec<u8> {
    use exif::experimental::Writer;
    use exif::{Field, In, Rational, Tag};
    let picture = RgbImage::from_fn(width, height, |x, y| Rgb([(x % 256) as u8, (y % 256) as u8, 90]));
    let mut jpeg = Cursor::new(Vec::new());
    DynamicImage::from(picture).write_to(&mut jpeg, ImageFormat::Jpeg).unwrap();
    let degrees = vec![Rational { num: 48, denom: 1 }, Rational { num: 8, denom: 1 }, Rational { num: 13, denom: 1 }];
    let fields = [
        (Tag::GPSLatitude, exif::Value::Rational(degrees)),
        (Tag::GPSAreaInformation, exif::Value::Undefined(b"Marienplatz".to_vec(), 0)),
        (Tag::ImageDescription, exif::Value::Ascii(vec![b"Marienplatz".to_vec()])),
    ];
    let fields: Vec<Field> = fields.map(|(tag, value)| Field { tag, ifd_num: In::PRIMARY, value }).into();
    let mut writer = Writer::new();
    fields.iter().for_each(|field| writer.push_field(field));
    let mut body = Cursor::new(Vec::new());
    writer.write(&mut body, true).unwrap();
    let block = [b"Exif\0\0", &body.into_inner()[..]].concat();
    let length = u16::try_from(block.len() + 2).unwrap().to_be_bytes();
    let jpeg = jpeg.into_inner();
    [&jpeg[..2], &[0xff, 0xe1], &length, &block, &jpeg[2..]].concat()
}

fn contains(bytes: &[u8], needle: &[u8]) -> bool {
    bytes.windows(needle.len()).any(|window| window == needle)
}

async fn part(person: &Person, id: &str, part: &str) -> reqwest::Response {
    person.tus().get(&format!("/files/{id}/{part}"), &[]).await
}

/// The size of a picture, after its type was compared with its bytes.
async fn size(person: &Person, id: &str, name: &str) -> (u32, u32) {
    let answer = part(person, id, name).await;
    assert_eq!(answer.status(), 200, "{name}");
    let mime = answer.headers()["content-type"].to_str().unwrap().to_owned();
    assert!(answer.headers()["content-disposition"].to_str().unwrap().starts_with("inline"));
    let bytes = answer.bytes().await.unwrap();
    let format = ImageFormat::from_mime_type(&mime).expect("a type of pictures");
    let image = image::load_from_memory_with_format(&bytes, format).unwrap();
    (image.width(), image.height())
}

#[tokio::test]
async fn a_photograph_is_shown_in_three_sizes_and_says_nothing_of_its_place() {
    let server = TestServer::start().await;
    let [ann, bob] = server.people(["ann", "bob"]).await;
    let conversation = ann.direct(&bob).await;
    let original = photograph(3000, 2000);
    assert!(contains(&original, b"Marienplatz"), "the test itself is wrong");
    let id = upload(&ann, "IMG_0001.exe", &original).await;
    let file = ready(&ann, &id).await;
    for (key, value) in [
        ("kind", json!("image")),
        ("mime", json!("image/jpeg")),
        ("name", json!("IMG_0001.exe")),
        ("width", json!(3000)),
        ("height", json!(2000)),
        ("variants", json!(["preview", "thumbnail"])),
    ] {
        assert_eq!(file[key], value, "{key}");
    }
    assert!(file["blur"].as_str().is_some_and(|blur| blur.len() > 8));
    let send = json!({ "client_id": "1", "body": "look", "files": [id] });
    let message = ann.post(&format!("/conversations/{conversation}/messages"), send).await.expect(201);
    assert_eq!(message["attachments"], json!([file]));

    let content = part(&bob, &id, "content").await.bytes().await.unwrap();
    assert_eq!(file["size"], json!(content.len()));
    assert!(exif::Reader::new().read_from_container(&mut Cursor::new(&content)).is_err(), "nothing of EXIF is left");
    for name in ["content", "preview", "thumbnail"] {
        assert!(!contains(&part(&bob, &id, name).await.bytes().await.unwrap(), b"Marienplatz"), "{name}");
    }
    assert_eq!(size(&bob, &id, "content").await, (3000, 2000));
    assert_eq!(size(&bob, &id, "preview").await, (2048, 1365));
    assert_eq!(size(&bob, &id, "thumbnail").await, (480, 320));
    assert_eq!(part(&bob, &id, "poster").await.status(), 404);
}

#[tokio::test]
async fn what_moves_is_served_as_it_came() {
    let server = TestServer::start().await;
    let ann = server.person("ann").await;
    let mut gif = Vec::new();
    {
        let mut encoder = GifEncoder::new(&mut gif);
        encoder.set_repeat(Repeat::Infinite).unwrap();
        for shade in [0, 100, 200] {
            encoder.encode_frame(Frame::new(RgbaImage::from_pixel(50, 30, Rgba([shade, 0, 0, 255])))).unwrap();
        }
    }
    let id = upload(&ann, "dance.gif", &gif).await;
    let file = ready(&ann, &id).await;
    assert_eq!((&file["mime"], &file["animated"]), (&json!("image/gif"), &json!(true)));
    assert_eq!(part(&ann, &id, "content").await.bytes().await.unwrap(), gif);
    for name in ["poster", "thumbnail"] {
        assert_eq!(size(&ann, &id, name).await, (50, 30));
    }
}

/// What ffmpeg makes of invented pictures and sounds.
fn made(folder: &Path, name: &str, arguments: &str) -> Vec<u8> {
    let path = folder.join(name);
    let mut ffmpeg = Command::new("ffmpeg");
    ffmpeg.args(["-loglevel", "error", "-y", "-nostdin"]).args(arguments.split_whitespace()).arg(&path);
    assert!(ffmpeg.stdin(Stdio::null()).status().unwrap().success(), "{arguments}");
    std::fs::read(path).unwrap()
}

const PICTURE: &str = "-f lavfi -i testsrc2=size=640x360:rate=10:duration=2";
const SOUND: &str = "-f lavfi -i sine=frequency=440:duration=2";

#[tokio::test]
async fn video_and_sound_can_be_shown_before_they_are_played() {
    if !has_ffmpeg() {
        eprintln!("skipped: ffmpeg and ffprobe are not installed");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let (on, off) = (TestServer::start().await, TestServer::with(&[("MEDIA_FFMPEG", "off")]).await);
    let [ann, bob] = [on.person("ann").await, off.person("bob").await];
    let place = "-metadata title=+48.1371+011.5761/";
    let film = made(
        folder.path(),
        "film.mp4",
        &format!("{PICTURE} {SOUND} -c:v libx264 -preset ultrafast -pix_fmt yuv420p {place}"),
    );
    assert!(contains(&film, b"+48.1371"), "the test itself is wrong");
    let id = upload(&ann, "film.mp4", &film).await;
    let file = ready(&ann, &id).await;
    assert_eq!((&file["kind"], &file["mime"]), (&json!("video"), &json!("video/mp4")));
    assert_eq!((&file["width"], &file["height"]), (&json!(640), &json!(360)));
    assert_eq!(file["variants"], json!(["poster", "thumbnail"]));
    assert!((1900..2200).contains(&file["duration_ms"].as_u64().unwrap()) && file["blur"].is_string());
    assert_eq!((size(&ann, &id, "poster").await, size(&ann, &id, "thumbnail").await), ((640, 360), (480, 270)));
    assert!(!contains(&part(&ann, &id, "content").await.bytes().await.unwrap(), b"+48.1371"));
    // A player asks for parts of it.
    let seek = ann.tus().get(&format!("/files/{id}/content"), &[("range", "bytes=1000-")]).await;
    assert_eq!((seek.status().as_u16(), &seek.headers()["content-type"]), (206, &"video/mp4".parse().unwrap()));

    let sound = made(folder.path(), "voice.webm", &format!("{SOUND} -c:a libopus -live 1"));
    let tus = ann.tus();
    let id = tus.create("voice.webm", sound.len(), &[("voice", "1")]).await;
    assert_eq!(tus.patch(&id, 0, &sound).await.status(), 204);
    let file = ready(&ann, &id).await;
    assert_eq!((&file["kind"], &file["mime"], &file["voice"]), (&json!("audio"), &json!("audio/webm"), &json!(true)));
    assert!((1900..2200).contains(&file["duration_ms"].as_u64().unwrap()));
    assert_eq!(file["waveform"].as_str().map(str::len), Some(88), "64 bytes");

    // Where nobody looks into it, it is a file.
    let id = upload(&bob, "film.mp4", &film).await;
    assert_eq!(ready(&bob, &id).await["kind"], "file");
    let answer = part(&bob, &id, "content").await;
    assert!(answer.headers()["content-disposition"].to_str().unwrap().starts_with("attachment"));
    assert_eq!(answer.bytes().await.unwrap(), film);
}

async fn state(person: &Person, id: &str) -> Value {
    person.get(&format!("/files/{id}")).await.expect(200)["state"].clone()
}

#[tokio::test]
async fn a_virus_reaches_nobody() {
    let Some(mut clamd) = Clamd::start().await else { return };
    let server = TestServer::with(&[("SCAN_CLAMD", &clamd.socket()), ("SCAN_REQUIRED", "on")]).await;
    let [ann, bob] = server.people(["ann", "bob"]).await;
    let conversation = ann.direct(&bob).await;
    let virus = [&b"some words before it "[..], &Clamd::eicar()].concat();
    let id = upload(&ann, "invoice.pdf", &virus).await;
    assert_eq!(looked_into(&ann, &id).await["state"], "refused");
    part(&ann, &id, "content").await.error_for_status().expect_err("it is not served");
    let send = json!({ "client_id": "1", "body": "", "files": [id] });
    ann.post(&format!("/conversations/{conversation}/messages"), send).await.refused(422, "file_refused");
    assert!(server.blobs().is_empty(), "nothing of it is kept");
    assert_eq!(ann.get("/me/usage").await.expect(200)["used"], 0);
    let words = upload(&ann, "words.txt", b"words").await;
    assert_eq!(looked_into(&ann, &words).await["state"], "ready");

    // While the scanner is away, files wait for it, and messages do not.
    clamd.stop();
    let waiting = upload(&ann, "later.txt", b"later").await;
    let hidden = upload(&ann, "hidden.txt", &virus).await;
    ann.say(&conversation, "2", "words").await;
    assert_eq!((state(&ann, &waiting).await, state(&ann, &hidden).await), (json!("processing"), json!("processing")));
    clamd.start_again().await;
    for (id, state) in [(waiting, "ready"), (hidden, "refused")] {
        assert_eq!(looked_into(&ann, &id).await["state"], state);
    }
}

/// Killed while files are looked into: they are looked into at the next start, and nothing of the first look is left.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_being_looked_into_is_taken_up_again() {
    let folder = tempfile::tempdir().unwrap();
    let mut process = Process::start(folder.path(), "127.0.0.1:0").await;
    let address = process.address.clone();
    let ann = Person::register(&address, "ann").await;
    let photograph = photograph(2100, 1400);
    let mut ids = Vec::new();
    for _ in 0..3 {
        for number in 0..2 {
            // Each a picture of its own, and some bytes behind its end that are not kept.
            let picture = [&photograph[..], format!("{number}-{}", ids.len()).as_bytes()].concat();
            ids.push(upload(&ann, "a.jpg", &picture).await);
        }
        process.kill().await;
        process = Process::start(folder.path(), &address).await;
    }
    for id in &ids {
        let file = ready(&ann, id).await;
        assert_eq!((&file["kind"], &file["variants"]), (&json!("image"), &json!(["preview", "thumbnail"])));
        assert_eq!(size(&ann, id, "thumbnail").await, (480, 320));
    }
    // The same picture, so the same three blobs, whatever had been begun.
    patiently("the folders of uploads to go", async {
        while std::fs::read_dir(folder.path().join("uploads")).unwrap().next().is_some() {
            tokio::task::yield_now().await;
        }
    })
    .await;
    assert_eq!(laserchat_tests::upload::blobs(folder.path()).len(), 3);
    // Nobody goes on looking for a server that is dead.
    let looking = || {
        let processes = std::fs::read_dir("/proc").unwrap().filter_map(Result::ok);
        let mut folders = processes.filter_map(|process| std::fs::read_link(process.path().join("cwd")).ok());
        folders.any(|of| of.starts_with(folder.path()))
    };
    patiently("the processes to end", async {
        while looking() {
            tokio::task::yield_now().await;
        }
    })
    .await;
    assert!(process.terminate().await.success());
}
