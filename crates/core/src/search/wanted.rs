//! Wanted: a query whose names are known, and whether a message is what it wants.

use laserchat_protocol::message::Broadcast;
use laserchat_protocol::{ConversationId, File, Message, MessageKind, Timestamp, UserId};

use super::fact::Facts;
use super::fold::pieces;
use super::term::Term;
use super::when::Period;

/// What the words are looked for in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Among {
    /// The texts of messages.
    #[default]
    Texts,
    /// The names of the files in them.
    Files,
}

/// What is wanted of a message. Absent lists want nothing in particular; empty ones want what there is not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    pub among: Among,
    pub terms: Vec<Term>,
    pub unwanted: Vec<Term>,
    pub from: Option<Vec<UserId>>,
    pub not_from: Vec<UserId>,
    pub within: Option<Vec<ConversationId>>,
    pub not_within: Vec<ConversationId>,
    pub facts: Facts,
    pub not_facts: Facts,
    /// Who must be mentioned, by name or with everyone.
    pub mentions: Option<UserId>,
    pub not_mentions: Option<UserId>,
    pub since: Option<Timestamp>,
    pub until: Option<Timestamp>,
    pub not_during: Vec<Period>,
}

impl Wanted {
    /// Whether a message, as it is now, is wanted. Who may see it is another question.
    pub fn fits(&self, message: &Message) -> bool {
        message.kind == MessageKind::Text
            && message.deleted_at.is_none()
            && self.fits_time(message.created_at)
            && self.within.as_ref().is_none_or(|within| within.contains(&message.conversation_id))
            && !self.not_within.contains(&message.conversation_id)
            && self.from.as_ref().is_none_or(|from| from.contains(&message.sender_id))
            && !self.not_from.contains(&message.sender_id)
            && self.fits_facts(Facts::of(message))
            && self.mentions.is_none_or(|user| mentions(message, user))
            && self.not_mentions.is_none_or(|user| !mentions(message, user))
            && match self.among {
                Among::Texts => self.fits_text(&message.body),
                Among::Files => self.files(message).next().is_some(),
            }
    }

    /// The files of a message that are wanted, if the message is.
    pub fn files<'a>(&'a self, message: &'a Message) -> impl Iterator<Item = &'a File> {
        let kinds = Facts(self.facts.0 & Facts::FILES.0);
        message.attachments.iter().filter(move |file| Facts::of_file(file).has_all(kinds) && self.fits_text(&file.name))
    }

    fn fits_time(&self, at: Timestamp) -> bool {
        self.since.is_none_or(|since| at >= since)
            && self.until.is_none_or(|until| at < until)
            && !self.not_during.iter().any(|period| period.contains(at))
    }

    fn fits_facts(&self, facts: Facts) -> bool {
        facts.has_all(self.facts) && !facts.has_any(self.not_facts)
    }

    fn fits_text(&self, body: &str) -> bool {
        if self.terms.is_empty() && self.unwanted.is_empty() {
            return true;
        }
        let text = pieces(body);
        self.terms.iter().all(|term| term.is_in(&text)) && !self.unwanted.iter().any(|term| term.is_in(&text))
    }

    /// No message can be wanted.
    pub fn is_impossible(&self) -> bool {
        self.from.as_ref().is_some_and(Vec::is_empty)
            || self.within.as_ref().is_some_and(Vec::is_empty)
            || self.facts.has_any(self.not_facts)
            || self.terms.iter().any(|term| self.unwanted.contains(term))
            || self.since.zip(self.until).is_some_and(|(since, until)| since >= until)
    }
}

fn mentions(message: &Message, user: UserId) -> bool {
    message.mentions.contains(&user) || matches!(message.mentions_all, Some(Broadcast::Here | Broadcast::Channel))
}
