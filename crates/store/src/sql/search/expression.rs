//! Expressions: what is wanted, as an index is asked for it.

use laserchat_core::search::{Among, Facts, Term, Wanted};
use laserchat_protocol::ConversationId;

use super::super::codes::int;

/// Where words are looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    Words,
    Names,
}

/// One condition.
#[derive(Debug, Clone)]
pub enum Part {
    /// Terms that follow each other in a column, the last of which may be the beginning of one.
    Phrase { column: Column, terms: Vec<String>, prefix: bool },
    /// At least one of the terms that no text contains.
    Any(Vec<String>),
    /// All of these terms, wherever they are.
    All(Vec<String>),
}

/// The conditions of a search: all of the first, and none of the others.
#[derive(Debug, Clone, Default)]
pub struct Expression {
    pub all: Vec<Part>,
    pub none: Vec<Part>,
}

fn of_term(term: &Term, column: Column) -> Part {
    if term.is_exact() {
        return Part::Phrase { column, terms: term.phrase(), prefix: term.prefix };
    }
    // Where signs stand alone, the index knows no more than that all of it is there.
    Part::All(term.needs().iter().map(ToString::to_string).collect())
}

fn any(terms: impl Iterator<Item = String>) -> Part {
    Part::Any(terms.collect())
}

impl Expression {
    pub fn new(wanted: &Wanted) -> Expression {
        let mut expression = Expression::default();
        match wanted.among {
            Among::Texts => {
                expression.all.extend(wanted.terms.iter().map(|term| of_term(term, Column::Words)));
                // Only where the index knows for certain may it leave something out.
                let certain = wanted.unwanted.iter().filter(|term| term.is_exact());
                expression.none.extend(certain.map(|term| of_term(term, Column::Words)));
            }
            // A message may have several files, of which one is wanted and another is not.
            Among::Files => expression.all.extend(wanted.terms.iter().map(|term| of_term(term, Column::Names))),
        }
        let file = if wanted.among == Among::Files { Facts::FILE } else { Facts::NONE };
        if let Some(from) = &wanted.from {
            expression.all.push(any(from.iter().map(|user| format!("_u{user}"))));
        }
        if let Some(user) = wanted.mentions {
            expression.all.push(any([format!("_m{user}"), "_m0".to_owned()].into_iter()));
        }
        expression.all.extend(wanted.facts.with(file).bits().map(|bit| any(std::iter::once(format!("_f{bit}")))));
        if wanted.not_facts.bits().next().is_some() {
            expression.none.push(any(wanted.not_facts.bits().map(|bit| format!("_f{bit}"))));
        }
        if !wanted.not_from.is_empty() {
            expression.none.push(any(wanted.not_from.iter().map(|user| format!("_u{user}"))));
        }
        expression
    }

    /// Something must be there, beside a conversation.
    pub fn is_selective(&self) -> bool {
        !self.all.is_empty()
    }

    /// The same, in some conversations only.
    pub fn within(&self, conversations: &[ConversationId]) -> Expression {
        let mut narrower = self.clone();
        narrower.all.push(any(conversations.iter().map(|id| format!("_c{}", int(id.0)))));
        narrower
    }
}
