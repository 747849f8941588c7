//! A server that speaks S3: the protocol and its signatures by a library that knows nothing of ours, objects in a folder.
//!
//! It is reached through a cable, so that it can be away.

use std::path::PathBuf;

use hyper::server::conn::http1;
use hyper_util::rt::TokioIo;
use s3s::auth::SimpleAuth;
use s3s::service::S3ServiceBuilder;
use s3s_fs::FileSystem;
use tempfile::TempDir;
use tokio::net::TcpListener;

use crate::Cable;

pub const BUCKET: &str = "laserchat";
pub const KEY: &str = "the-key";
pub const SECRET: &str = "the-secret";

pub struct S3 {
    pub cable: Cable,
    endpoint: String,
    folder: TempDir,
}

impl S3 {
    pub async fn start() -> S3 {
        let folder = tempfile::tempdir().expect("a temporary folder");
        std::fs::create_dir(folder.path().join(BUCKET)).expect("a bucket");
        let mut builder = S3ServiceBuilder::new(FileSystem::new(folder.path()).expect("a folder to serve"));
        builder.set_auth(SimpleAuth::from_single(KEY, SECRET));
        let service = builder.build().into_shared();
        let socket = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = socket.local_addr().expect("an address").to_string();
        tokio::spawn(async move {
            while let Ok((stream, _)) = socket.accept().await {
                tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service.clone()));
            }
        });
        let cable = Cable::to(&address).await;
        let endpoint = format!("http://{}", cable.address);
        S3 { cable, endpoint, folder }
    }

    /// The settings of a server that keeps its blobs here, in a folder of the bucket.
    pub fn settings(&self) -> [(&'static str, &str); 4] {
        [
            ("BLOBS_URL", "s3://laserchat/files"),
            ("BLOBS_ENDPOINT", &self.endpoint),
            ("BLOBS_KEY_ID", KEY),
            ("BLOBS_SECRET_KEY", SECRET),
        ]
    }

    /// The blobs in the bucket.
    pub fn blobs(&self) -> Vec<PathBuf> {
        self.all().into_iter().filter(|path| path.starts_with(self.folder.path().join(BUCKET).join("files"))).collect()
    }

    /// Everything that is kept, with what is left of uploads that did not come to their end.
    pub fn all(&self) -> Vec<PathBuf> {
        let (mut files, mut folders) = (Vec::new(), vec![self.folder.path().to_owned()]);
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok) {
                let list = if entry.path().is_dir() { &mut folders } else { &mut files };
                list.push(entry.path());
            }
        }
        files
    }
}
