//! What the server counts, for `/metrics`. Handles are looked up once: counting on the hot path is one atomic addition.

use std::sync::OnceLock;

use laserchat_protocol::Code;
use metrics::{
    Counter, Gauge, Histogram, counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram,
};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};

/// Seconds; from a tenth of a millisecond to ten seconds.
const BUCKETS: [f64; 16] =
    [0.0001, 0.00025, 0.0005, 0.001, 0.002, 0.004, 0.008, 0.016, 0.032, 0.064, 0.125, 0.25, 0.5, 1.0, 2.5, 10.0];

/// How many appends were committed with one flush.
const GROUP_BUCKETS: [f64; 10] = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0, 512.0];

pub struct Metrics {
    pub connections: Gauge,
    pub messages: Counter,
    pub deliveries: Counter,
    pub cut_off: Counter,
    pub engine_queue: Gauge,
    /// From the moment a command was read to the moment its event was handed to its recipients.
    pub publish_seconds: Histogram,
    pub resumed: Counter,
    pub commit_seconds: Histogram,
    pub commit_group_size: Histogram,
    /// Events from other nodes, or from here, that had been told already.
    pub hints_old: Counter,
}

/// The process has one recorder, however many servers run in it.
fn recorder() -> Option<&'static PrometheusHandle> {
    static RECORDER: OnceLock<Option<PrometheusHandle>> = OnceLock::new();
    RECORDER
        .get_or_init(|| {
            PrometheusBuilder::new()
                .set_buckets_for_metric(Matcher::Suffix("_seconds".into()), &BUCKETS)
                .and_then(|builder| {
                    builder.set_buckets_for_metric(Matcher::Suffix("_group_size".into()), &GROUP_BUCKETS)
                })
                .ok()?
                .install_recorder()
                .ok()
        })
        .as_ref()
}

impl Metrics {
    pub fn install() -> Self {
        recorder();
        describe_gauge!("laserchat_connections", "Live connections: WebSockets, event streams and polls.");
        describe_counter!("laserchat_messages_total", "Messages committed.");
        describe_counter!("laserchat_deliveries_total", "Conversation events queued for a connection.");
        describe_counter!("laserchat_cut_off_total", "Connections closed because they did not keep up.");
        describe_gauge!(
            "laserchat_engine_queue",
            "Commands taken from the queue in the latest round of the sequencer."
        );
        describe_histogram!(
            "laserchat_publish_seconds",
            "From reading a command to handing its event to the recipients."
        );
        describe_histogram!("laserchat_commit_seconds", "One commit of the sequencer, with its flush to the disk.");
        describe_histogram!("laserchat_commit_group_size", "Commands that shared one commit.");
        describe_counter!("laserchat_resumed_total", "Connections that resumed from cursors.");
        describe_counter!("laserchat_errors_total", "Refusals and failures, by code.");
        Metrics {
            connections: gauge!("laserchat_connections"),
            messages: counter!("laserchat_messages_total"),
            deliveries: counter!("laserchat_deliveries_total"),
            cut_off: counter!("laserchat_cut_off_total"),
            engine_queue: gauge!("laserchat_engine_queue"),
            publish_seconds: histogram!("laserchat_publish_seconds"),
            resumed: counter!("laserchat_resumed_total"),
            commit_seconds: histogram!("laserchat_commit_seconds"),
            commit_group_size: histogram!("laserchat_commit_group_size"),
            hints_old: counter!("laserchat_bus_hints_total", "what" => "old"),
        }
    }

    pub fn error(&self, code: Code) {
        counter!("laserchat_errors_total", "code" => code.as_str()).increment(1);
    }

    /// The text of `/metrics`.
    pub fn render(&self) -> String {
        recorder().map(PrometheusHandle::render).unwrap_or_default()
    }
}
