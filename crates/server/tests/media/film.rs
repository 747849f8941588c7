//! Video and sound, made with ffmpeg and looked into with it. Without ffmpeg there is nothing to test but its absence.

use std::path::Path;
use std::process::{Command, Stdio};

use laserchat_protocol::FileKind;
use laserchat_server::media::{Bounds, has_ffmpeg};

use super::{Seen, bounded, contains, limits, look_at, look_with};

const PLACE: &str = "+48.1371+011.5761/";

/// Whether the tests can be made here. `cargo xtask test` installs what is missing, where it may.
fn ready() -> bool {
    let ready = has_ffmpeg();
    if !ready {
        eprintln!("skipped: ffmpeg and ffprobe are not installed");
    }
    ready
}

/// A file that ffmpeg makes of invented pictures and sounds.
fn made(path: &Path, arguments: &str) {
    let picture = "testsrc2=size=640x360:rate=10:duration=2";
    let sound = "sine=frequency=440:duration=3,volume='if(lt(t,1.5),0,1)':eval=frame";
    let inputs = arguments.replace("PICTURE", picture).replace("SOUND", sound);
    let mut ffmpeg = Command::new("ffmpeg");
    ffmpeg.args(["-loglevel", "error", "-y", "-nostdin"]).args(inputs.split_whitespace()).arg(path);
    assert!(ffmpeg.stdin(Stdio::null()).status().unwrap().success(), "{arguments}");
}

async fn look_at_made(arguments: &str) -> Seen {
    look_at(|path| made(path, arguments), "film", &limits()).await
}

const H264: &str = "-c:v libx264 -preset ultrafast -pix_fmt yuv420p";

#[tokio::test]
async fn a_video_has_a_size_a_length_and_a_poster_and_no_place() {
    if !ready() {
        return;
    }
    let tags = format!(
        "-metadata location={PLACE} -metadata location-eng={PLACE} -metadata title={PLACE} \
         -metadata com.apple.quicktime.location.ISO6709={PLACE} -metadata:s:v handler_name={PLACE}"
    );
    for (codec, container, mime) in [
        (H264, "-f mp4", "video/mp4"),
        (H264, "-movflags use_metadata_tags -f mp4", "video/mp4"),
        (H264, "-movflags use_metadata_tags -f mov", "video/mp4"),
        ("-c:v mjpeg -c:a pcm_s16le", "-f mov", "video/quicktime"),
        ("-c:v libvpx -deadline realtime", "-f webm", "video/webm"),
        (H264, "-c:a aac -f matroska", "video/mp4"),
    ] {
        let seen = look_at(
            |path| {
                made(path, &format!("-f lavfi -i PICTURE -f lavfi -i SOUND {codec} {tags} {container}"));
                assert!(contains(&std::fs::read(path).unwrap(), PLACE.as_bytes()), "the test itself is wrong");
            },
            "film.mov",
            &limits(),
        )
        .await;
        let found = &seen.found;
        assert_eq!((found.mime.as_str(), found.kind), (mime, FileKind::Video), "{codec} {container}");
        assert_eq!((found.width, found.height), (Some(640), Some(360)));
        assert!((1900..=3200).contains(&found.duration_ms.unwrap()), "{:?}", found.duration_ms);
        let expected = [("Poster", 640, 360), ("Thumbnail", 480, 270)];
        let expected = expected.map(|(name, width, height)| (name.to_owned(), "image/jpeg".to_owned(), width, height));
        assert_eq!(seen.variants(), expected);
        assert!(found.blur.is_some() && found.clean.is_some());
        assert!(!contains(&seen.stored(), PLACE.as_bytes()), "{container}");
        assert!(!contains(&seen.stored(), b"+48.1371"), "{container}");
    }
}

#[tokio::test]
async fn a_video_is_shown_as_the_camera_was_held() {
    if !ready() {
        return;
    }
    let make = |path: &Path| {
        let straight = path.with_extension("mp4");
        made(&straight, &format!("-f lavfi -i PICTURE {H264} -f mp4"));
        made(path, &format!("-i {} -c copy -metadata:s:v rotate=90 -f mp4", straight.display()));
    };
    let seen = look_at(make, "film.mp4", &limits()).await;
    assert_eq!((seen.found.width, seen.found.height), (Some(360), Some(640)));
    assert_eq!(seen.variants()[0].2..=seen.variants()[0].3, 360..=640);
}

#[tokio::test]
async fn a_sound_has_a_length_and_a_waveform() {
    if !ready() {
        return;
    }
    for (arguments, mime) in [
        ("-c:a libmp3lame -f mp3", "audio/mpeg"),
        ("-c:a aac -f ipod", "audio/mp4"),
        ("-c:a aac -f mov", "audio/mp4"),
        ("-c:a libopus -f ogg", "audio/ogg"),
        ("-c:a libopus -f webm", "audio/webm"),
        ("-c:a flac -f flac", "audio/flac"),
        ("-c:a pcm_s16le -f wav", "audio/wav"),
        // As browsers record: written to a pipe, so that it does not say how long it is.
        ("-c:a libopus -f webm -live 1", "audio/webm"),
        ("-c:a aac -movflags frag_keyframe+empty_moov -f mp4", "audio/mp4"),
    ] {
        let seen = look_at_made(&format!("-f lavfi -i SOUND {arguments}")).await;
        let found = &seen.found;
        assert_eq!((found.mime.as_str(), found.kind), (mime, FileKind::Audio), "{arguments}");
        let length = found.duration_ms.unwrap();
        assert!((2900..=3200).contains(&length), "{arguments}: {length}");
        let waveform = found.waveform.as_ref().unwrap();
        assert_eq!(waveform.len(), 64);
        // Silent in its first half.
        assert!(waveform[..28].iter().all(|bar| *bar < 20), "{arguments}: {waveform:?}");
        assert!(waveform[36..60].iter().all(|bar| *bar > 150), "{arguments}: {waveform:?}");
        assert!(found.variants.is_empty());
    }
}

#[tokio::test]
async fn the_cover_of_a_record_is_no_film() {
    if !ready() {
        return;
    }
    let arguments = "-f lavfi -i SOUND -f lavfi -i PICTURE -map 0 -map 1 -frames:v 1 -c:v mjpeg \
        -disposition:v attached_pic -c:a libmp3lame -f mp3";
    let seen = look_at_made(arguments).await;
    assert_eq!((seen.found.mime.as_str(), seen.found.kind), ("audio/mpeg", FileKind::Audio));
}

#[tokio::test]
async fn without_ffmpeg_they_are_plain_files() {
    let wav = b"RIFF\x2c\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\x40\x1f\0\0\x80\x3e\0\0\x02\0\x10\0data\x08\0\0\0\x01\0\x02\0\x03\0\x04\0";
    let off = bounded(Bounds { ffmpeg: false, ..Bounds::default() });
    assert!(look_with(wav, "a.wav", &off).await.is_plain());
}

#[tokio::test]
async fn a_film_that_takes_too_long_leaves_no_process_behind() {
    if !ready() {
        return;
    }
    let make = |path: &Path| made(path, "-f lavfi -i anoisesrc=duration=3000:sample_rate=8000 -c:a flac -f flac");
    let seen = look_at(make, "noise.flac", &bounded(Bounds { seconds: 1, ..Bounds::default() })).await;
    if seen.is_plain() {
        let own = format!("file:{}", seen.source.display());
        let running = || {
            Command::new("ps").args(["-eo", "args"]).output().is_ok_and(|list| contains(&list.stdout, own.as_bytes()))
        };
        // They were told to die, and are gone as soon as the system gets to it.
        while running() {
            tokio::task::yield_now().await;
        }
    }
}
