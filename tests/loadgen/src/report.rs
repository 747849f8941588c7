//! What was measured: one row per figure, as JSON for programs and as a table for people.

use serde::Serialize;

/// A figure.
#[derive(Debug, Clone, Serialize)]
pub struct Row {
    pub scenario: &'static str,
    pub name: String,
    pub value: f64,
    pub unit: &'static str,
    /// What it should not exceed, from the design.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub budget: Option<f64>,
    /// How many times the bare cost of the same work it is, measured in the same run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ratio: Option<f64>,
    /// What the ratio is to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub baseline: Option<&'static str>,
}

impl Row {
    pub fn new(scenario: &'static str, name: impl Into<String>, value: f64, unit: &'static str) -> Self {
        Row { scenario, name: name.into(), value, unit, budget: None, ratio: None, baseline: None }
    }

    pub fn budget(mut self, budget: f64) -> Self {
        self.budget = Some(budget);
        self
    }

    pub fn against(mut self, baseline: &'static str, value: f64) -> Self {
        if value > 0.0 {
            self.ratio = Some(self.value / value);
            self.baseline = Some(baseline);
        }
        self
    }
}

#[derive(Debug, Serialize)]
pub struct Report {
    /// Small figures of a smoke test, not to be compared with anything.
    pub quick: bool,
    pub cores: usize,
    pub kernel: String,
    pub rows: Vec<Row>,
    /// Scenarios that could not be run, and why.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub failures: Vec<String>,
}

/// A line of the table.
pub fn line(row: &Row) -> String {
    let budget = match row.budget {
        Some(budget) if row.value <= budget => format!("  within {}", number(budget)),
        Some(budget) => format!("  OVER {}", number(budget)),
        None => String::new(),
    };
    let ratio = match (row.ratio, row.baseline) {
        (Some(ratio), Some(baseline)) => format!("  {ratio:.1} x {baseline}"),
        _ => String::new(),
    };
    format!("{:<10} {:<46} {:>12} {:<6}{budget}{ratio}", row.scenario, row.name, number(row.value), row.unit)
}

fn number(value: f64) -> String {
    match value.abs() {
        large if large >= 1000.0 => format!("{value:.0}"),
        middle if middle >= 10.0 => format!("{value:.1}"),
        _ => format!("{value:.3}"),
    }
}

/// The value below which this share of the samples lies.
pub fn percentile(sorted: &[u64], share: f64) -> u64 {
    let at = (sorted.len() as f64 * share).ceil() as usize;
    sorted.get(at.saturating_sub(1)).copied().unwrap_or_default()
}
