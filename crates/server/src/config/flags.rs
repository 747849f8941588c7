//! The flags of the command line that come from the table of keys.

use super::keys::{KEYS, Key};
use super::{FILE_ENV, FILE_FLAG};
use clap::{Arg, ArgMatches, Args, Command, FromArgMatches};
use std::path::{Path, PathBuf};

/// What the command line says. With clap's derive: `#[command(flatten)] config: Flags`.
#[derive(Debug, Clone, Default)]
pub struct Flags {
    file: Option<PathBuf>,
    values: Vec<(&'static Key, String)>,
}

impl Flags {
    /// The configuration file that was named, which is stronger than the one of the environment.
    pub fn file(&self) -> Option<&Path> {
        self.file.as_deref()
    }

    pub(super) fn values(&self) -> impl Iterator<Item = (&'static Key, &str)> {
        self.values.iter().map(|(key, text)| (*key, text.as_str()))
    }
}

/// Adds a flag for the configuration file and one for each key. Values are checked by [`super::load`] and not here, so
/// that a wrong one gives the same message wherever it comes from.
pub fn add_flags(command: Command) -> Command {
    let file = Arg::new(FILE_FLAG)
        .long(FILE_FLAG)
        .value_name("FILE")
        .value_parser(clap::value_parser!(PathBuf))
        .help(format!("Configuration file (TOML) [env: {FILE_ENV}]"));
    KEYS.iter().fold(command.arg(file), |command, key| {
        let default = if key.default.is_empty() { String::new() } else { format!(" [default: {}]", key.default) };
        let help = format!("{}{default} [env: {}]", key.help, key.env);
        let flag = key.flag.as_str();
        command.arg(Arg::new(flag).long(flag).value_name(key.kind.placeholder()).help(help))
    })
}

impl Args for Flags {
    fn augment_args(command: Command) -> Command {
        add_flags(command)
    }

    fn augment_args_for_update(command: Command) -> Command {
        add_flags(command)
    }
}

impl FromArgMatches for Flags {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let value = |key: &'static Key| Some((key, matches.get_one::<String>(&key.flag)?.clone()));
        let file = matches.get_one::<PathBuf>(FILE_FLAG).cloned();
        Ok(Self { file, values: KEYS.iter().filter_map(value).collect() })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}
