//! `laserchat tail`: prints each message that reaches an account, for as long as it runs.
//!
//! It is a client like any other, made of the client library, and works with any LaserChat server.

use std::io::{BufRead, IsTerminal};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use laserchat_client::Transport;
use laserchat_client::protocol::ConversationId;
use laserchat_client::tail::{Credentials, Error, Tail as Listening, run as listen};

use super::{Failure, Outcome, fail, runtime};

#[derive(clap::Args)]
pub struct Tail {
    /// The server's address
    #[arg(long, default_value = "http://localhost:8080")]
    url: String,
    /// A personal access token or an access token; it shows in the list of processes, --token-file does not
    #[arg(long, conflicts_with_all = ["token_file", "login"], required_unless_present_any = ["token_file", "login"])]
    token: Option<String>,
    /// The file with the token, - for stdin
    #[arg(long, value_name = "FILE", conflicts_with = "login")]
    token_file: Option<PathBuf>,
    /// User name or e-mail address; the password is asked for
    #[arg(long, value_name = "NAME")]
    login: Option<String>,
    /// The file with the password, - for stdin
    #[arg(long, value_name = "FILE", requires = "login")]
    password_file: Option<PathBuf>,
    /// Only this conversation
    #[arg(long, value_name = "ID")]
    conversation: Option<ConversationId>,
    /// How events come, where WebSockets are blocked: websocket, sse or poll
    #[arg(long, default_value = "websocket", value_parser = transport)]
    transport: Transport,
}

fn transport(name: &str) -> Result<Transport, String> {
    match name {
        "websocket" => Ok(Transport::WebSocket),
        "sse" => Ok(Transport::Sse),
        "poll" => Ok(Transport::LongPoll),
        _ => Err("expected websocket, sse or poll".to_owned()),
    }
}

pub fn run(command: Tail) -> Outcome {
    let listening = Listening {
        credentials: credentials(&command)?,
        server: command.url,
        transport: command.transport,
        conversation: command.conversation,
    };
    match runtime()?.block_on(listen(listening, &mut std::io::stdout(), &mut std::io::stderr())) {
        // The reader has seen enough (`laserchat tail … | head`).
        Err(Error::Output(error)) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(ExitCode::SUCCESS),
        Err(error) => fail(error.to_string()),
        Ok(()) => Ok(ExitCode::SUCCESS),
    }
}

fn credentials(command: &Tail) -> Result<Credentials, Failure> {
    if let Some(token) = &command.token {
        return Ok(Credentials::Token(token.clone()));
    }
    if let Some(file) = &command.token_file {
        return Ok(Credentials::Token(first_line(file)?));
    }
    let Some(login) = command.login.clone() else { return fail("say who listens: --token, --token-file or --login") };
    let password = match &command.password_file {
        Some(file) => first_line(file)?,
        None if std::io::stdin().is_terminal() => rpassword::prompt_password(format!("Password of {login}: "))?,
        None => first_line(Path::new("-"))?,
    };
    Ok(Credentials::Password { login, password })
}

fn first_line(file: &Path) -> Result<String, Failure> {
    let mut line = String::new();
    let read = if file == Path::new("-") {
        std::io::stdin().lock().read_line(&mut line)
    } else {
        std::fs::File::open(file).and_then(|file| std::io::BufReader::new(file).read_line(&mut line))
    };
    read.map_err(|error| Failure(format!("{} cannot be read: {error}", file.display())))?;
    match line.trim_end_matches(['\r', '\n']) {
        "" => fail(format!("{} is empty", file.display())),
        line => Ok(line.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_the_first_line_of_its_file() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("secret");
        for (content, expected) in [("hunter2", "hunter2"), (" a b \r\nmore", " a b "), ("x\n", "x")] {
            std::fs::write(&file, content).unwrap();
            assert_eq!(first_line(&file).unwrap(), expected);
        }
        std::fs::write(&file, "\n").unwrap();
        assert!(first_line(&file).is_err() && first_line(&folder.path().join("none")).is_err());
    }
}
