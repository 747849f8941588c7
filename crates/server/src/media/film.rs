//! Video and sound, with ffmpeg and ffprobe, if they are installed.
//!
//! They run in the same cage as everything else that looks at a stranger's bytes, and are told what they may make of
//! the file: its container was found before, so that no playlist can send them elsewhere; only common codecs are decoded;
//! no other protocol than that of files is known to them.

use std::ffi::OsStr;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use laserchat_protocol::FileKind;
use serde::Deserialize;

use super::cage;
use super::kind::{Container, is_known};
use super::picture;
use super::process::{Found, Request};
use super::sound::Loudness;

/// The copy without metadata.
const CLEAN: &str = "clean";

/// What is decoded: everything that browsers and phones record. Everything else is a plain file.
const CODECS: &str = "h264,hevc,vp8,libvpx,vp9,libvpx-vp9,av1,libdav1d,libaom-av1,mpeg4,mjpeg,png,theora,\
    aac,aac_latm,alac,mp3,mp3float,mp2,mp2float,opus,libopus,vorbis,libvorbis,flac,amrnb,amrwb,ac3,eac3,\
    pcm_s16le,pcm_s16be,pcm_s24le,pcm_s24be,pcm_s32le,pcm_f32le,pcm_u8,pcm_alaw,pcm_mulaw";

/// The most that ffprobe may have to say.
const MOST_REPORT: u64 = 1 << 20;

/// The largest still picture, as PNG.
const MOST_STILL: u64 = 64 << 20;

/// Memory for data of whoever reads a file that can only be sound. ffmpeg gathers what lies between two frames of MP3,
/// however much it is.
const SOUND_MEMORY: u64 = 128 << 20;

/// Samples per second in which the loudness is measured. Speech needs no more.
const RATE: u32 = 8000;

/// What ffprobe says.
#[derive(Deserialize)]
struct Report {
    #[serde(default)]
    streams: Vec<Stream>,
    #[serde(default)]
    format: Format,
}

#[derive(Deserialize, Default)]
struct Format {
    duration: Option<String>,
}

#[derive(Deserialize)]
struct Stream {
    codec_type: Option<String>,
    width: Option<u32>,
    height: Option<u32>,
    sample_aspect_ratio: Option<String>,
    duration: Option<String>,
    #[serde(default)]
    disposition: Disposition,
    #[serde(default)]
    side_data_list: Vec<SideData>,
}

#[derive(Deserialize, Default)]
struct Disposition {
    #[serde(default)]
    attached_pic: u8,
}

#[derive(Deserialize)]
struct SideData {
    rotation: Option<f64>,
}

/// The types of a container, and how a copy of it is written.
struct Shape {
    demuxer: &'static str,
    video: &'static str,
    sound: &'static str,
    /// Containers to copy it into, best first. None where what describes the sound is worth keeping, and is no place.
    copies: &'static [(&'static str, &'static str)],
}

fn shape(container: Container) -> Shape {
    let of = |demuxer, video, sound, copies| Shape { demuxer, video, sound, copies };
    match container {
        Container::Mp4 => of("mov", "video/mp4", "audio/mp4", &[("mp4", "video/mp4")]),
        // The same container in older words. Most of what phones record fits into the newer one, which browsers play.
        Container::Quicktime => {
            of("mov", "video/quicktime", "audio/mp4", &[("mp4", "video/mp4"), ("mov", "video/quicktime")])
        }
        Container::Webm => of("matroska", "video/webm", "audio/webm", &[("webm", "video/webm")]),
        // Recorded by browsers with the codecs of phones.
        Container::Matroska => {
            of("matroska", "video/mp4", "audio/mp4", &[("webm", "video/webm"), ("mp4", "video/mp4")])
        }
        Container::Ogg => of("ogg", "video/ogg", "audio/ogg", &[]),
        Container::Mp3 => of("mp3", "", "audio/mpeg", &[]),
        Container::Wav => of("wav", "", "audio/wav", &[]),
        Container::Flac => of("flac", "", "audio/flac", &[]),
    }
}

/// What the video or sound is. `None` if it cannot be played, or ffmpeg is missing.
pub fn look(request: &Request, container: Container) -> Option<Found> {
    if !request.bounds.ffmpeg {
        return None;
    }
    let shape = shape(container);
    if shape.video.is_empty() {
        cage::shrink(SOUND_MEMORY.min(request.bounds.memory_bytes)).ok()?;
    }
    let mut report = probe(request, &request.source, shape.demuxer)?;
    let seen = report.video().is_some();
    if !seen && report.streams.iter().all(|stream| stream.codec_type.as_deref() != Some("audio")) {
        return None;
    }
    let kind = if seen { FileKind::Video } else { FileKind::Audio };
    let mut found = Found::file(if seen { shape.video } else { shape.sound }, kind);
    if !shape.copies.is_empty() {
        let (muxer, mime) =
            shape.copies.iter().find(|(muxer, _)| copy(request, shape.demuxer, muxer).is_some()).copied()?;
        let demuxer = if muxer == "webm" { "matroska" } else { "mov" };
        let clean = request.out.join(CLEAN);
        // What browsers record does not say how long it is; the copy does.
        report = probe(request, &clean, demuxer)?;
        found.mime = if seen { mime.to_owned() } else { mime.replace("video/", "audio/").replace("quicktime", "mp4") };
        found.clean = Some(PathBuf::from(CLEAN));
    }
    if !is_known(&found.mime, kind) {
        return None;
    }
    found.duration_ms = report.duration_ms();
    if let Some(stream) = report.video() {
        (found.width, found.height) = stream.size()?;
        let middle = found.duration_ms.unwrap_or(0) / 2;
        let png = still(request, shape.demuxer, middle.min(1000))?;
        picture::poster(request, &png, &mut found)?;
    } else if found.duration_ms.is_none_or(|duration| duration / 1000 <= request.bounds.waveform_seconds) {
        let loudness = listen(request, shape.demuxer)?;
        found.duration_ms = found.duration_ms.or(Some(loudness.duration_ms(RATE)));
        found.waveform = Some(loudness.waveform());
    }
    Some(found)
}

impl Report {
    /// The first moving picture. The cover of a record is none.
    fn video(&self) -> Option<&Stream> {
        let moves =
            |stream: &&Stream| stream.codec_type.as_deref() == Some("video") && stream.disposition.attached_pic == 0;
        self.streams.iter().find(moves)
    }

    fn duration_ms(&self) -> Option<u64> {
        let longest = self.streams.iter().filter_map(|stream| stream.duration.as_ref());
        let all = self.format.duration.iter().chain(longest);
        let seconds = all.filter_map(|text| text.parse::<f64>().ok()).find(|seconds| *seconds > 0.0)?;
        // Longer than a month is no duration but noise.
        (seconds < 2_678_400.0).then_some((seconds * 1000.0).round() as u64)
    }
}

impl Stream {
    /// As it is shown: with square pixels, and turned as the camera was held.
    fn size(&self) -> Option<(Option<u32>, Option<u32>)> {
        let (width, height) = (self.width?, self.height?);
        let ratio = self.sample_aspect_ratio.as_deref().and_then(|text| text.split_once(':'));
        let ratio = ratio.and_then(|(x, y)| Some((x.parse::<u64>().ok()?, y.parse::<u64>().ok()?)));
        let stretched = match ratio {
            Some((x, y)) if x > 0 && y > 0 => u32::try_from(u64::from(width).checked_mul(x)? / y).ok()?,
            _ => width,
        };
        let turned = self.side_data_list.iter().find_map(|data| data.rotation).is_some_and(|degrees| {
            let quarter = degrees.rem_euclid(180.0);
            (45.0..135.0).contains(&quarter)
        });
        Some(if turned { (Some(height), Some(stretched)) } else { (Some(stretched), Some(height)) })
    }
}

/// ffmpeg or ffprobe with what holds for all that they do, up to the file that they read.
fn program(name: &str, request: &Request, demuxer: &str) -> Command {
    let mut command = Command::new(name);
    command.current_dir(&request.out).stdin(Stdio::null()).stderr(Stdio::null());
    command.args(["-hide_banner", "-loglevel", "error"]);
    if name == "ffmpeg" {
        command.args(["-nostdin", "-y", "-threads", "1", "-filter_threads", "1"]);
    } else {
        command.args(["-threads", "1"]);
    }
    let pixels = request.bounds.pixels.to_string();
    command.args(["-protocol_whitelist", "file", "-codec_whitelist", CODECS, "-max_pixels", &pixels, "-f", demuxer]);
    command
}

/// A path that ffmpeg does not take for an address or an option.
fn file(path: &Path) -> std::ffi::OsString {
    let mut text = std::ffi::OsString::from("file:");
    text.push(path);
    text
}

fn probe(request: &Request, path: &Path, demuxer: &str) -> Option<Report> {
    let mut probe = program("ffprobe", request, demuxer);
    probe.args(["-of", "json", "-show_format", "-show_streams", "-i"]).arg(file(path));
    let report = output(&mut probe, MOST_REPORT)?;
    serde_json::from_slice(&report).ok()
}

/// Copies picture and sound, not decoded, and nothing else: no place, no name of the device, no track of positions.
fn copy(request: &Request, demuxer: &str, muxer: &str) -> Option<()> {
    let mut copy = program("ffmpeg", request, demuxer);
    copy.arg("-i").arg(file(&request.source));
    // The first picture that moves, and all sounds. `V` is a picture that is not the cover of a record.
    copy.args([
        "-map",
        "0:V:0?",
        "-map",
        "0:a?",
        "-map_metadata",
        "-1",
        "-map_metadata:s",
        "-1",
        "-map_chapters",
        "-1",
    ]);
    copy.args(["-c", "copy", "-fflags", "+bitexact", "-flags:v", "+bitexact", "-flags:a", "+bitexact"]);
    if muxer != "webm" {
        copy.args(["-movflags", "+faststart", "-write_tmcd", "0"]);
    }
    copy.args(["-f", muxer]).arg(file(&request.out.join(CLEAN)));
    copy.stdout(Stdio::null()).status().ok().filter(|status| status.success()).map(drop)
}

/// One picture from the film, not larger than is shown.
fn still(request: &Request, demuxer: &str, at_ms: u64) -> Option<Vec<u8>> {
    let mut still = program("ffmpeg", request, demuxer);
    let at = format!("{}.{:03}", at_ms / 1000, at_ms % 1000);
    still.args(["-ss", &at, "-i"]).arg(file(&request.source));
    let scale = "scale=trunc(iw*max(sar\\,0.01)):ih,setsar=1,\
        scale=min(2048\\,iw):min(2048\\,ih):force_original_aspect_ratio=decrease";
    still.args(["-map", "0:V:0", "-frames:v", "1", "-vf", scale, "-c:v", "png", "-f", "image2pipe", "-"]);
    // Written to a pipe, which is a protocol of its own; the whitelist above is that of the input.
    output(&mut still, MOST_STILL).filter(|png| !png.is_empty())
}

/// Hears all of it.
fn listen(request: &Request, demuxer: &str) -> Option<Loudness> {
    let mut listen = program("ffmpeg", request, demuxer);
    listen.arg("-i").arg(file(&request.source));
    let rate = RATE.to_string();
    listen.args(["-map", "0:a:0", "-ac", "1", "-ar", &rate, "-c:a", "pcm_s16le", "-f", "s16le", "-"]);
    let mut child = listen.stdout(Stdio::piped()).spawn().ok()?;
    let loudness = child.stdout.take().and_then(|samples| Loudness::measure(samples).ok());
    let heard = child.wait().is_ok_and(|status| status.success());
    loudness.filter(|loudness| heard && !loudness.is_empty())
}

/// What a program writes, if it succeeds and does not write more than this.
fn output(command: &mut Command, most: u64) -> Option<Vec<u8>> {
    let mut child = command.stdout(Stdio::piped()).spawn().ok()?;
    let mut bytes = Vec::new();
    let stream = child.stdout.take()?;
    let whole = stream.take(most + 1).read_to_end(&mut bytes).is_ok() && bytes.len() as u64 <= most;
    let succeeded = child.wait().is_ok_and(|status| status.success());
    (whole && succeeded).then_some(bytes)
}

/// Whether the two programs are installed, for `laserchat doctor`.
pub fn is_installed() -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    ["ffmpeg", "ffprobe"].iter().all(|name| folders.iter().any(|folder| folder.join(OsStr::new(name)).is_file()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stream(json: &str) -> Stream {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn size_is_as_shown() {
        let plain = stream(r#"{"codec_type":"video","width":640,"height":360}"#);
        assert_eq!(plain.size(), Some((Some(640), Some(360))));
        let turned = stream(r#"{"width":640,"height":360,"side_data_list":[{"rotation":-90}]}"#);
        assert_eq!(turned.size(), Some((Some(360), Some(640))));
        let upside_down = stream(r#"{"width":640,"height":360,"side_data_list":[{"rotation":180}]}"#);
        assert_eq!(upside_down.size(), Some((Some(640), Some(360))));
        let stretched = stream(r#"{"width":720,"height":576,"sample_aspect_ratio":"16:11"}"#);
        assert_eq!(stretched.size(), Some((Some(1047), Some(576))));
        let noise = stream(r#"{"width":720,"height":576,"sample_aspect_ratio":"0:1"}"#);
        assert_eq!(noise.size(), Some((Some(720), Some(576))));
    }

    #[test]
    fn a_duration_is_a_positive_number() {
        let report = |duration: &str| -> Report {
            serde_json::from_str(&format!(r#"{{"format":{{"duration":"{duration}"}}}}"#)).unwrap()
        };
        assert_eq!(report("2.5").duration_ms(), Some(2500));
        for noise in ["N/A", "-1", "NaN", "inf", "1e300", "0"] {
            assert_eq!(report(noise).duration_ms(), None, "{noise}");
        }
    }
}
