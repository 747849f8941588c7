//! What files need: a place for their bytes, the programs that look into them, and the index that finds them.

use std::collections::HashMap;
use std::path::Path;

use laserchat_store::BlobName;
use rustix::fs::{Access, access};

use super::Report;
use crate::blobs::{Blobs, FOLDER, name};
use crate::config::Config;
use crate::media::has_ffmpeg;
use crate::media::scan::Scanner;

/// Changes that an index may well not have yet, when they were made a moment ago.
const RECENT: u64 = 1000;

/// `named` are the files that the database names, `lag` is how far the index of search is behind, if that can be told.
pub async fn examine(config: &Config, named: &[(BlobName, u64)], lag: Option<Option<u64>>, report: &mut Report) {
    match &config.blobs.url {
        Some(url) => remote(url, config, named, report).await,
        None => local(&config.data.join(FOLDER), named, report),
    }
    ffmpeg(config.media.ffmpeg, has_ffmpeg(), report);
    scanner(config, report).await;
    if let Some(lag) = lag {
        index(lag, report);
    }
}

async fn remote(url: &str, config: &Config, named: &[(BlobName, u64)], report: &mut Report) {
    let blobs = Blobs::new(config.blobs.clone(), &config.data);
    let there = match blobs.probe().await {
        Ok(()) if named.is_empty() => Ok(HashMap::new()),
        Ok(()) => blobs.all().await,
        Err(error) => Err(error),
    };
    match there {
        Ok(there) => {
            let lost = named.iter().filter(|(blob, size)| there.get(blob) != Some(size)).count();
            let all = named.len();
            if lost > 0 {
                return report.fail("file store", format!("{lost} of {all} files are not in {url}; restore a backup"));
            }
            report.ok("file store", format!("{url} can be written, read and deleted from, and has {all} file(s)"));
        }
        Err(error) => report.fail(
            "file store",
            format!("{url} cannot be used: {error}; uploads wait until it can, look at blobs.endpoint and its keys"),
        ),
    }
}

fn local(folder: &Path, named: &[(BlobName, u64)], report: &mut Report) {
    let shown = folder.display();
    if !folder.is_dir() && named.is_empty() {
        return report.ok("file store", format!("{shown} is not there yet; the server makes it"));
    }
    if folder.is_dir() && access(folder, Access::READ_OK | Access::WRITE_OK | Access::EXEC_OK).is_err() {
        return report.fail("file store", format!("{shown} cannot be written to; give it to the server's user"));
    }
    let whole = |blob: &BlobName, size: u64| {
        let (shard, file) = name::place(blob);
        std::fs::metadata(folder.join(shard).join(file)).is_ok_and(|found| found.len() == size)
    };
    let lost = named.iter().filter(|(blob, size)| !whole(blob, *size)).count();
    let bytes: u64 = named.iter().map(|(_, size)| size).sum();
    if lost > 0 {
        let all = named.len();
        return report.fail(
            "file store",
            format!("{lost} of {all} files are not in {shown}; copy the folder `blobs` of a backup into it"),
        );
    }
    report.ok("file store", format!("{} file(s) in {shown}, {} MB", named.len(), bytes >> 20));
}

fn ffmpeg(wanted: bool, there: bool, report: &mut Report) {
    match (wanted, there) {
        (false, _) => report.ok("ffmpeg", "is not used (media.ffmpeg); video and sound are plain files"),
        (true, true) => report.ok("ffmpeg", "is installed, with ffprobe"),
        (true, false) => report.warn(
            "ffmpeg",
            "ffmpeg and ffprobe are not on the PATH: install them, or video and sound stay plain files without a poster",
        ),
    }
}

async fn scanner(config: &Config, report: &mut Report) {
    let Some(scanner) = Scanner::configured(&config.scan) else {
        return report.ok("virus scanner", "none is configured (scan.clamd)");
    };
    let place = config.scan.clamd.as_deref().unwrap_or_default();
    match scanner.ping().await {
        Ok(()) => report.ok("virus scanner", format!("clamd answers at {place}")),
        Err(error) if scanner.required => {
            report.fail("virus scanner", format!("no clamd answers at {place} ({error}); uploads wait until one does"));
        }
        Err(error) => {
            report.warn("virus scanner", format!("no clamd answers at {place} ({error}); files are not scanned"));
        }
    }
}

fn index(lag: Option<u64>, report: &mut Report) {
    match lag {
        None => report.ok("search index", "there is none yet; the server makes it"),
        Some(0) => report.ok("search index", "knows everything"),
        Some(lag) if lag < RECENT => report.ok("search index", format!("{lag} changes behind, which is little")),
        Some(lag) => report.warn(
            "search index",
            format!("{lag} changes behind; a running server catches up, and its log says when it cannot"),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::super::Verdict;
    use super::super::tests::verdict;
    use super::*;

    #[test]
    fn a_place_for_files_is_there_or_will_be() {
        let place = tempfile::tempdir().unwrap();
        assert_eq!(verdict(|report| local(place.path(), &[], report)), Verdict::Ok);
        assert_eq!(verdict(|report| local(&place.path().join("blobs"), &[], report)), Verdict::Ok);
    }

    #[test]
    fn what_is_missing_costs_something_only_where_it_is_wanted() {
        assert_eq!(verdict(|report| ffmpeg(true, true, report)), Verdict::Ok);
        assert_eq!(verdict(|report| ffmpeg(false, false, report)), Verdict::Ok);
        assert_eq!(verdict(|report| ffmpeg(true, false, report)), Verdict::Warn);
        for (lag, expected) in
            [(None, Verdict::Ok), (Some(0), Verdict::Ok), (Some(9), Verdict::Ok), (Some(5000), Verdict::Warn)]
        {
            assert_eq!(verdict(|report| index(lag, report)), expected);
        }
    }
}
