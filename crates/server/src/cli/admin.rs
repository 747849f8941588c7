//! `laserchat admin`: looks after accounts, settings and keys, from the machine that the server runs on.
//!
//! It works on the database, so it helps where nobody can sign in: a lost owner, a forgotten password. A server that
//! runs on the same data folder is told, so that what was changed takes effect at once; see `operator.rs`.

use std::process::ExitCode;
use std::sync::Arc;

use laserchat_core::name;
use laserchat_protocol::server::Registration;
use laserchat_protocol::user::ServerRole;
use laserchat_protocol::{SessionId, Timestamp, User};
use laserchat_store::{SigningKey, Store, sqlite};

use super::{Failure, Outcome, Place, database, fail, is_served, runtime, say};
use crate::auth::password::Passwords;
use crate::auth::token::{Key, Secret};
use crate::config::Config;
use crate::follow::search;
use crate::operator::{Notice, Told, tell};
use crate::server::open_store;

#[derive(clap::Args)]
pub struct Admin {
    #[command(flatten)]
    place: Place,
    #[command(subcommand)]
    task: Task,
}

#[derive(clap::Subcommand)]
enum Task {
    /// List all accounts
    Users,
    /// Give an account a new random password and end its sessions
    ResetPassword {
        /// User name or e-mail address
        user: String,
    },
    /// Lock an account out; its messages stay
    Disable { user: String },
    /// Let an account in again
    Enable { user: String },
    /// Make an account the owner of the server; an owner before it becomes an administrator
    MakeOwner { user: String },
    /// Make a new link for the first account, which becomes the owner; earlier links stop working
    OwnerLink,
    /// Sign access tokens with a new key from now on
    RotateKeys,
    /// Make the index of search anew, from all messages, while the server goes on; until it is done, not all are found
    Reindex,
    /// Show what the owner sets at run time, and change it
    Settings {
        /// What the server is called
        #[arg(long)]
        name: Option<String>,
        /// Who may make an account: open, invitation or closed
        #[arg(long, value_parser = registration)]
        registration: Option<Registration>,
    },
}

fn registration(text: &str) -> Result<Registration, String> {
    serde_json::from_value(text.into()).map_err(|_| "expected open, invitation or closed".to_owned())
}

/// The longest name of a server, as its owner may set it over the API too.
const NAME_CHARS: usize = 80;
const PAGE: usize = 200;
/// Rows of an old index that are cleared away at once.
const CLEARED: usize = 10_000;

pub fn run(command: Admin) -> Outcome {
    let config = command.place.load()?;
    if config.database.url.is_none() {
        look_at(&config)?;
    }
    runtime()?.block_on(async {
        let store = open_store(&config).await?;
        Room { config, store }.perform(command.task).await
    })?;
    Ok(ExitCode::SUCCESS)
}

/// Makes sure that there is a database in the data folder, and that opening it changes nothing that a server relies on.
fn look_at(config: &Config) -> Result<(), Failure> {
    let database = database(config);
    // Making an empty database in a mistyped folder would be a strange answer.
    if !database.is_file() {
        return Err(Failure(format!("there is no database at {}; is --data right?", database.display())));
    }
    let (version, known) = sqlite::version(&database)?;
    if version < known && is_served(config) {
        return Err(Failure(format!(
            "the running server's database is of version {version} and this program would make it {known}: \
             use the program that the server runs, or restart the server with this one"
        )));
    }
    Ok(())
}

/// What a task works with.
struct Room {
    config: Config,
    store: Arc<dyn Store>,
}

impl Room {
    async fn perform(&self, task: Task) -> Result<(), Failure> {
        match task {
            Task::Users => self.users().await,
            Task::ResetPassword { user } => self.reset_password(&self.find(&user).await?).await,
            Task::Disable { user } => self.set_disabled(&self.find(&user).await?, true).await,
            Task::Enable { user } => self.set_disabled(&self.find(&user).await?, false).await,
            Task::MakeOwner { user } => self.make_owner(&self.find(&user).await?).await,
            Task::OwnerLink => self.owner_link().await,
            Task::RotateKeys => self.rotate_keys().await,
            Task::Reindex => self.reindex().await,
            Task::Settings { name, registration } => self.settings(name, registration).await,
        }
    }

    async fn find(&self, login: &str) -> Result<User, Failure> {
        let folded = if login.contains('@') {
            name::email(login).ok()
        } else {
            name::Username::parse(login).ok().map(name::Username::into_string)
        };
        let found = match folded {
            Some(folded) => self.store.credentials(&folded).await?,
            None => None,
        };
        found.map(|found| found.user).ok_or_else(|| Failure(format!("nobody is called {login:?}")))
    }

    async fn all(&self) -> Result<Vec<User>, Failure> {
        let (mut users, mut cursor) = (Vec::new(), None);
        loop {
            let page = self.store.all_users(cursor.as_deref(), PAGE).await?;
            users.extend(page.items);
            match page.next {
                Some(next) => cursor = Some(next),
                None => return Ok(users),
            }
        }
    }

    async fn users(&self) -> Result<(), Failure> {
        let users = self.all().await?;
        let width = users.iter().map(|user| user.username.chars().count()).max().unwrap_or(0).max("user name".len());
        let mut text = format!("{:<20}  {:width$}  {:8}  {:8}  {:24}  name\n", "id", "user name", "role", "", "since");
        for user in &users {
            let role = match user.server_role {
                ServerRole::Owner => "owner",
                ServerRole::Admin => "admin",
                ServerRole::Member => "member",
            };
            let state = match (user.disabled, user.bot) {
                (true, _) => "disabled",
                (false, true) => "bot",
                (false, false) => "",
            };
            let (id, since) = (user.id.to_string(), user.created_at.to_string());
            text += &format!(
                "{id:<20}  {:width$}  {role:8}  {state:8}  {since:24}  {}\n",
                user.username, user.display_name
            );
        }
        say(text);
        Ok(())
    }

    async fn reset_password(&self, user: &User) -> Result<(), Failure> {
        if user.bot {
            return fail("a bot has no password, only tokens");
        }
        let password = random_password()?;
        let passwords = Passwords::start(1, 1)?;
        let hash = passwords.hash(password.clone()).await?;
        self.store.set_password(user.id, hash).await?;
        let ended = self.store.end_sessions(user.id, None, Timestamp::now()).await?;
        say(format!("The new password of {}, shown this once:\n\n  {password}\n", user.username));
        say(format!("{} session(s) ended.", ended.len()));
        self.told(&Notice::User { user: user.id, ended })
    }

    async fn set_disabled(&self, user: &User, disabled: bool) -> Result<(), Failure> {
        if disabled && user.server_role == ServerRole::Owner {
            return fail(format!("{} is the owner; make somebody else the owner first", user.username));
        }
        self.store.set_disabled(user.id, disabled).await?;
        let mut ended = Vec::new();
        if disabled {
            ended = self.store.end_sessions(user.id, None, Timestamp::now()).await?;
            say(format!("{} is locked out, {} session(s) ended.", user.username, ended.len()));
            // What personal access tokens opened is closed with the rest; the tokens do not work meanwhile.
            let tokens = self.store.tokens(user.id).await?;
            ended.extend(tokens.iter().map(|token| SessionId(token.id.0)));
        } else {
            say(format!("{} may sign in again.", user.username));
        }
        self.told(&Notice::User { user: user.id, ended })
    }

    async fn make_owner(&self, user: &User) -> Result<(), Failure> {
        if user.bot || user.disabled {
            return fail("only an active account of a person can own the server");
        }
        let before: Vec<User> = self.all().await?;
        let before = before.iter().filter(|other| other.server_role == ServerRole::Owner && other.id != user.id);
        // The new owner comes first: if this is cut short there are two, and never none.
        self.store.set_server_role(user.id, ServerRole::Owner).await?;
        for other in before {
            self.store.set_server_role(other.id, ServerRole::Admin).await?;
            say(format!("{} is an administrator now.", other.username));
            self.told(&Notice::User { user: other.id, ended: Vec::new() })?;
        }
        say(format!("{} owns the server.", user.username));
        self.told(&Notice::User { user: user.id, ended: Vec::new() })
    }

    async fn owner_link(&self) -> Result<(), Failure> {
        if self.store.has_owner().await? {
            return fail("the server has an owner; `laserchat admin make-owner USER` changes who it is");
        }
        let code = Secret::invitation()?;
        self.store.set_owner_code(code.hash()).await?;
        let base = self.config.base_url(self.config.listen);
        say(format!("Whoever registers with this link first owns the server:\n\n  {base}/join/{}", code.expose()));
        Ok(())
    }

    async fn rotate_keys(&self) -> Result<(), Failure> {
        let key = Key::generate(Timestamp::now().0)?;
        let created_at = Timestamp(key.created_at_ms);
        self.store.add_signing_key(SigningKey { kid: key.kid, secret: key.secret, created_at }).await?;
        say("A new key signs. Tokens of the key before it are good for 15 more minutes; nobody has to sign in again.");
        self.told(&Notice::Keys)
    }

    async fn reindex(&self) -> Result<(), Failure> {
        match tell(&self.config.data, &Notice::Search) {
            Told::Done => say("The server makes the index anew."),
            _ if !is_served(&self.config) => {
                while self.store.clear_old_index(CLEARED).await? {}
                self.store.renew_index(search::NAME, search::VERSION, true).await?;
                say("The server makes the index anew when it is started.");
            }
            Told::NobodyThere => return fail("the running server has no socket in the data folder"),
            Told::Failed(error) => return fail(format!("the running server could not be told: {error}")),
        }
        Ok(())
    }

    async fn settings(&self, name: Option<String>, registration: Option<Registration>) -> Result<(), Failure> {
        let mut settings = self.store.settings().await?;
        if name.is_some() || registration.is_some() {
            if let Some(given) = name {
                let clean = name::line(&given, 1, NAME_CHARS).map_err(|error| Failure(format!("the name {error}")))?;
                settings.name = Some(clean);
            }
            settings.registration = registration.or(settings.registration);
            self.store.set_settings(settings.clone()).await?;
        }
        let registration = match settings.registration {
            Some(Registration::Open) => "open",
            Some(Registration::Invitation) => "invitation",
            Some(Registration::Closed) => "closed",
            None => "as configured",
        };
        // The server reads them from the database whenever it needs them, so there is nobody to tell.
        say(format!("name          {}\nregistration  {registration}", settings.name.as_deref().unwrap_or("LaserChat")));
        Ok(())
    }

    /// Tells a running server, and says when that did not work.
    fn told(&self, notice: &Notice) -> Result<(), Failure> {
        let why = match tell(&self.config.data, notice) {
            Told::Done => return Ok(()),
            _ if !is_served(&self.config) => return Ok(()),
            Told::NobodyThere => "it has no socket in the data folder".to_owned(),
            Told::Failed(error) => error.to_string(),
        };
        fail(format!(
            "the change is made, but the running server could not be told ({why}): restart it. Until then open \
             connections stay, and access tokens that were issued before work until they expire, 15 minutes at most"
        ))
    }
}

/// Twenty characters that are not mistaken for each other: 98 bits, in groups that can be read over the telephone.
fn random_password() -> Result<String, Failure> {
    const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let mut bytes = [0; 20];
    getrandom::fill(&mut bytes)?;
    let letters: Vec<char> = bytes.iter().map(|byte| char::from(LETTERS[usize::from(byte % 32)])).collect();
    Ok(letters.chunks(5).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn random_passwords_can_be_typed_and_differ() {
        let (one, two) = (random_password().unwrap(), random_password().unwrap());
        assert_ne!(one, two);
        assert_eq!(one.len(), 23);
        assert!(one.chars().all(|letter| letter == '-' || letter.is_ascii_lowercase() || letter.is_ascii_digit()));
        assert!(!one.contains(['0', '1', 'l', 'o']), "{one}");
    }

    #[test]
    fn registration_is_spelled_as_in_the_configuration() {
        assert_eq!(registration("invitation"), Ok(Registration::Invitation));
        assert!(registration("Open").is_err() && registration("").is_err());
    }
}
