//! A refusal: a stable code and what the caller needs to mend the request.

use std::borrow::Cow;

use laserchat_protocol::{Code, Problem};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    pub code: Code,
    pub field: Option<&'static str>,
    pub detail: Option<Cow<'static, str>>,
    /// Seconds to wait before trying again.
    pub retry_after: Option<u64>,
}

impl Refusal {
    pub fn new(code: Code) -> Self {
        Refusal { code, field: None, detail: None, retry_after: None }
    }

    pub fn field(mut self, field: &'static str) -> Self {
        self.field = Some(field);
        self
    }

    pub fn detail(mut self, detail: impl Into<Cow<'static, str>>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    pub fn retry_after(mut self, seconds: u64) -> Self {
        self.retry_after = Some(seconds);
        self
    }
}

impl From<Code> for Refusal {
    fn from(code: Code) -> Self {
        Refusal::new(code)
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let mut problem = Problem::new(refusal.code);
        problem.field = refusal.field.map(str::to_owned);
        problem.detail = refusal.detail.map(Cow::into_owned);
        problem.retry_after = refusal.retry_after;
        problem
    }
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.code)
    }
}

impl std::error::Error for Refusal {}
