//! Reading what a client says of itself where it listens over HTTP: what it holds, in the query and in `Last-Event-ID`.

use std::collections::BTreeMap;

use laserchat_protocol::limits::CONVERSATIONS_PER_USER;
use laserchat_protocol::{ConversationId, Problem, Seq, Version};

/// The longest that a poll waits, in seconds.
const WAIT_MAX: u64 = 60;

/// What a client says of itself in the query and in `Last-Event-ID`.
#[derive(Debug, Default)]
pub struct Query {
    pub cursors: Option<BTreeMap<ConversationId, Seq>>,
    pub version: Option<Version>,
    pub epoch: Option<String>,
    pub wait: Option<u64>,
}

/// Reads a query, moved forward by the id of the last event that was received.
pub fn read(query: &str, last_event_id: Option<&str>) -> Result<Query, Problem> {
    let mut parsed = parse(query)?;
    if let Some(last) = last_event_id {
        resume_from(&mut parsed, last)?;
    }
    Ok(parsed)
}

fn parse(query: &str) -> Result<Query, Problem> {
    let mut parsed = Query::default();
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        match &*name {
            "cursors" => parsed.cursors = Some(cursors(&value)?),
            "version" => parsed.version = Some(number("version", &value)?),
            "epoch" => parsed.epoch = Some(value.into_owned()),
            "wait" => {
                let wait = number("wait", &value)?;
                if wait > WAIT_MAX {
                    return Err(Problem::invalid("wait", "at most 60 seconds"));
                }
                parsed.wait = Some(wait);
            }
            _ => {}
        }
    }
    Ok(parsed)
}

/// `conversation:seq,conversation:seq`.
fn cursors(text: &str) -> Result<BTreeMap<ConversationId, Seq>, Problem> {
    let wrong = || Problem::invalid("cursors", "spelled like 7266841829376001:12,7266841829376002:3");
    let mut cursors = BTreeMap::new();
    for pair in text.split(',').filter(|pair| !pair.is_empty()) {
        let (conversation, seq) = pair.split_once(':').ok_or_else(wrong)?;
        cursors.insert(conversation.parse().map_err(|_| wrong())?, number("cursors", seq)?);
        if cursors.len() > CONVERSATIONS_PER_USER {
            return Err(Problem::invalid("cursors", "too many"));
        }
    }
    Ok(cursors)
}

fn number(field: &'static str, text: &str) -> Result<u64, Problem> {
    let plain = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    text.parse()
        .ok()
        .filter(|_| plain)
        .ok_or_else(|| Problem::invalid(field, "a number from 0 to 18446744073709551615"))
}

fn resume_from(query: &mut Query, last: &str) -> Result<(), Problem> {
    let mut parts = last.splitn(3, ';');
    let (Some(epoch), Some(version), Some(moved)) = (parts.next(), parts.next(), parts.next()) else {
        return Err(Problem::invalid("Last-Event-ID", "not an id of this server"));
    };
    query.epoch = Some(epoch.to_owned());
    query.version = Some(number("Last-Event-ID", version)?);
    query.cursors.get_or_insert_default().extend(cursors(moved)?);
    Ok(())
}

#[cfg(test)]
mod tests {
    use laserchat_protocol::Code;

    use super::*;

    #[test]
    fn cursors_are_read_and_refused_precisely() {
        assert_eq!(cursors("1:2,3:4").unwrap(), BTreeMap::from([(ConversationId(1), 2), (ConversationId(3), 4)]));
        assert!(cursors("").unwrap().is_empty());
        for bad in ["1", "1:", "1:-1", "0:1", "a:1", "1:99999999999999999999", "1:1:1"] {
            assert_eq!(cursors(bad).unwrap_err().code, Code::InvalidRequest, "{bad}");
        }
    }

    #[test]
    fn the_last_event_id_moves_the_query() {
        let mut query = parse("cursors=1:1,2:2&version=3&ignored=x").unwrap();
        resume_from(&mut query, "epoch;9;2:5,7:1").unwrap();
        assert_eq!(query.version, Some(9));
        assert_eq!(query.epoch.as_deref(), Some("epoch"));
        let expected = [(1, 1), (2, 5), (7, 1)].map(|(id, seq)| (ConversationId(id), seq));
        assert_eq!(query.cursors, Some(BTreeMap::from(expected)));
        assert!(resume_from(&mut query, "nonsense").is_err());
    }
}
