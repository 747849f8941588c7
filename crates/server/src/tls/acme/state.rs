//! What is kept between two starts: the account with the authority, and the certificate with its key.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use instant_acme::AccountCredentials;
use serde::{Deserialize, Serialize};

use crate::config;
use crate::tls::{Certificate, CertificateError};

/// The file in the data folder.
pub const FILE: &str = "acme.json";

#[derive(Default, Serialize, Deserialize)]
pub struct State {
    /// Whose account it is.
    pub directory: String,
    pub account: Option<AccountCredentials>,
    pub certificate: Option<Kept>,
}

/// A certificate as the authority gave it, and for which names.
#[derive(Serialize, Deserialize)]
pub struct Kept {
    pub domains: Vec<String>,
    pub chain: String,
    pub key: String,
}

impl State {
    /// What is kept, as far as it is of use: an account with another authority is not, nor a certificate for other names.
    pub fn read(path: &Path, settings: &config::Acme) -> io::Result<State> {
        let mut state: State = match fs::read(path) {
            Ok(bytes) => serde_json::from_slice(&bytes)
                .map_err(|error| io::Error::other(format!("{} cannot be understood: {error}", path.display())))?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => State::default(),
            Err(error) => return Err(error),
        };
        if state.directory != settings.directory {
            state = State { directory: settings.directory.clone(), ..State::default() };
        }
        if state.certificate.as_ref().is_some_and(|kept| kept.domains != settings.domains) {
            state.certificate = None;
        }
        Ok(state)
    }

    /// Replaces the file, whole or not at all.
    pub fn write(&self, path: &Path) -> io::Result<()> {
        let beside = path.with_extension("new");
        // What a crash left behind may have been made with other rights.
        match fs::remove_file(&beside) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&beside)?;
        file.write_all(&serde_json::to_vec(self)?)?;
        file.sync_all()?;
        fs::rename(&beside, path)
    }

    pub fn certificate(&self) -> Option<Result<Certificate, CertificateError>> {
        let kept = self.certificate.as_ref()?;
        Some(Certificate::parse(kept.chain.as_bytes(), kept.key.as_bytes()))
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn settings(directory: &str, domain: &str) -> config::Acme {
        config::Acme { domains: vec![domain.to_owned()], email: None, directory: directory.to_owned(), ca_file: None }
    }

    #[test]
    fn what_is_of_no_use_any_more_is_left_behind() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(FILE);
        let own = settings("https://one/dir", "a.example.org");
        let mut state = State::read(&path, &own).unwrap();
        let kept = Kept { domains: own.domains.clone(), chain: "chain".into(), key: "key".into() };
        state.certificate = Some(kept);
        // Twice, because the second time there is something to replace.
        state.write(&path).unwrap();
        state.write(&path).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert!(State::read(&path, &own).unwrap().certificate.is_some());
        assert!(State::read(&path, &settings("https://one/dir", "b.example.org")).unwrap().certificate.is_none());
        assert!(State::read(&path, &settings("https://two/dir", "a.example.org")).unwrap().certificate.is_none());
        fs::write(&path, "nonsense").unwrap();
        assert!(State::read(&path, &own).is_err());
    }
}
