//! A real server in this process, with a data folder of its own.

use laserchat_server::config::{self, Config, Flags};
use laserchat_server::server::Server;
use tempfile::TempDir;

use crate::Person;

pub struct TestServer {
    server: Option<Server>,
    config: Config,
    folder: TempDir,
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
        let defaults = [("LISTEN", "127.0.0.1:0"), ("DATA", data.as_str()), ("RATE_LIMITS", "off")];
        let settings =
            defaults.iter().chain(settings).map(|(key, value)| (format!("LASERCHAT_{key}").into(), (*value).into()));
        let config = config::load(&Flags::default(), settings).expect("a valid configuration").config;
        let server = Server::start(config.clone()).await.expect("the server starts");
        TestServer { server: Some(server), config, folder }
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

    /// Stops in good order.
    pub async fn stop(&mut self) {
        if let Some(server) = self.server.take() {
            // The same port again, so that clients find the server where it was.
            self.config.listen = server.address;
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
