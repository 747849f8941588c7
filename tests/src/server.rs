//! A real server in this process, with a data folder of its own.
//!
//! Every test that starts servers in this way can be run on PostgreSQL: with `LASERCHAT_TEST_ON=postgres`, each server gets a
//! database of its own there.

use laserchat_ground::free_port;
use laserchat_ground::postgres::{Database, shared};
use laserchat_server::config::{self, Config, Flags};
use laserchat_server::server::{DATABASE, Server};
use tempfile::TempDir;

use crate::{PATIENCE, Person};

pub struct TestServer {
    server: Option<Server>,
    config: Config,
    folder: TempDir,
    /// Dropped last, when nobody uses it any more.
    database: Option<Database>,
}

/// Changes rows in the database of a data folder. Returns whether there were any.
pub fn change(data: &std::path::Path, update: &str) -> bool {
    let database = rusqlite::Connection::open(data.join(DATABASE)).expect("the database");
    database.busy_timeout(PATIENCE).expect("a timeout");
    database.execute(update, []).unwrap_or_else(|error| panic!("{update}: {error}")) > 0
}

impl TestServer {
    /// A server as a newcomer has it, except that nothing is rate limited.
    pub async fn start() -> TestServer {
        TestServer::with(&[]).await
    }

    /// A server with some settings, by their environment names without the prefix.
    pub async fn with(settings: &[(&str, &str)]) -> TestServer {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let data = folder.path().to_str().expect("a plain path").to_owned();
        let listen = format!("127.0.0.1:{}", free_port());
        let defaults = [("LISTEN", listen.as_str()), ("DATA", data.as_str()), ("RATE_LIMITS", "off")];
        let database = on_postgres().await;
        let url = database.as_ref().map(|database| ("DATABASE_URL", database.url.as_str()));
        let settings: Vec<_> = url.iter().chain(settings).copied().collect();
        let settings =
            defaults.iter().chain(&settings).map(|(key, value)| (format!("LASERCHAT_{key}").into(), (*value).into()));
        let config = config::load(&Flags::default(), settings).expect("a valid configuration").config;
        let server = Server::start(config.clone()).await.expect("the server starts");
        TestServer { server: Some(server), config, folder, database }
    }

    pub fn server(&self) -> &Server {
        self.server.as_ref().expect("the server runs")
    }

    /// `127.0.0.1:port`.
    pub fn address(&self) -> String {
        self.server().address.to_string()
    }

    pub fn data(&self) -> &std::path::Path {
        self.folder.path()
    }

    /// Changes rows in the database behind the server's back. Returns whether there were any.
    pub fn change(&self, update: &str) -> bool {
        match &self.database {
            Some(database) => !database.sql(&format!("{update} RETURNING 1")).expect("SQL").trim().is_empty(),
            None => change(self.data(), update),
        }
    }

    /// Whether it keeps its data in a file, which a test may look into. Where it does not, that is said.
    pub fn has_file(&self) -> bool {
        if self.database.is_some() {
            eprintln!("skipped: this is about a server on SQLite");
        }
        self.database.is_none()
    }

    /// Stops in good order. When it starts again, clients find it where it was.
    pub async fn stop(&mut self) {
        if let Some(server) = self.server.take() {
            server.shutdown().await;
        }
    }

    /// Starts again on the same data and port.
    pub async fn start_again(&mut self) {
        self.server = Some(Server::start(self.config.clone()).await.expect("the server starts again"));
    }

    /// Registers somebody.
    pub async fn person(&self, username: &str) -> Person {
        Person::register(&self.address(), username).await
    }

    /// Registers several people at once.
    pub async fn people<const N: usize>(&self, usernames: [&str; N]) -> [Person; N] {
        let mut people = Vec::new();
        for username in usernames {
            people.push(self.person(username).await);
        }
        people.try_into().unwrap_or_else(|_| unreachable!("as many people as names"))
    }
}

/// A database for a test that is to be run on PostgreSQL.
async fn on_postgres() -> Option<Database> {
    let wanted = std::env::var("LASERCHAT_TEST_ON").is_ok_and(|on| on == "postgres");
    let made = wanted.then(|| tokio::task::spawn_blocking(|| shared().expect("PostgreSQL is installed").database()));
    Some(made?.await.expect("a database"))
}
