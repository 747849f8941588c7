//! Expressions: what is wanted, as FTS5 is asked for it.
//!
//! Terms come from folded texts and hold letters, digits and signs only; they are quoted all the same, so that none can be
//! an operator.

use laserchat_core::search::{Among, Facts, Term, Wanted};
use laserchat_protocol::ConversationId;

use super::super::codes::int;

/// The conditions of a search, without the conversations.
#[derive(Debug, Default)]
pub struct Expression {
    all: Vec<String>,
    none: Vec<String>,
}

fn quoted(terms: &[String]) -> String {
    format!("\"{}\"", terms.join(" "))
}

fn any(terms: impl Iterator<Item = String>) -> String {
    let terms: Vec<String> = terms.map(|term| format!("\"{term}\"")).collect();
    format!("facts : ({})", terms.join(" OR "))
}

fn of_term(term: &Term, column: &str) -> String {
    if term.is_exact() {
        let more = if term.prefix { " *" } else { "" };
        return format!("{column} : {}{more}", quoted(&term.phrase()));
    }
    // Where signs stand alone, the index knows no more than that all of it is there.
    let needs: Vec<String> = term.needs().iter().map(|need| format!("\"{need}\"")).collect();
    format!("({})", needs.join(" AND "))
}

impl Expression {
    pub fn new(wanted: &Wanted) -> Expression {
        let mut expression = Expression::default();
        match wanted.among {
            Among::Texts => {
                expression.all.extend(wanted.terms.iter().map(|term| of_term(term, "words")));
                // Only where the index knows for certain may it leave something out.
                let certain = wanted.unwanted.iter().filter(|term| term.is_exact());
                expression.none.extend(certain.map(|term| of_term(term, "words")));
            }
            // A message may have several files, of which one is wanted and another is not.
            Among::Files => expression.all.extend(wanted.terms.iter().map(|term| of_term(term, "names"))),
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

    /// As FTS5 reads it; in some conversations, or wherever it is.
    pub fn spelled(&self, within: Option<&[ConversationId]>) -> String {
        let mut all = self.all.clone();
        if let Some(within) = within {
            all.push(any(within.iter().map(|id| format!("_c{}", int(id.0)))));
        }
        let all = all.iter().map(|part| format!("({part})")).collect::<Vec<_>>().join(" AND ");
        if self.none.is_empty() {
            return all;
        }
        let none = self.none.iter().map(|part| format!("({part})")).collect::<Vec<_>>().join(" OR ");
        format!("({all}) NOT ({none})")
    }
}
