//! What nodes cost while nothing happens: CPU, the statements that they ask the database for, and what they listen to.

use std::io;

use super::connect_each;
use crate::cluster::{self, Cluster, Parts};
use crate::report::Row;
use crate::scenario::{Context, settle};
use crate::setup::{accounts, conversation};

const SCENARIO: &str = "cluster";

const NODES: usize = 3;

/// People in each small group.
const GROUP: usize = 4;

/// Statements that are named at the end, those that are asked most often.
const NAMED: usize = 12;

pub async fn run(context: &mut Context) -> io::Result<()> {
    if !cluster::is_possible() {
        return Ok(());
    }
    let parts = Parts { counting: true, ..Parts::default() };
    let mut cluster = Cluster::new(context.binary.clone(), parts, 1)?;
    for count in 1..=NODES {
        cluster.add(&[]).await?;
        let nodes = if count == 1 { "1 node".to_owned() } else { format!("{count} nodes") };
        rest(context, &cluster, &format!("{nodes}, nobody there")).await?;
    }
    let people = accounts(cluster.server(0)?, context.or_quick(200, 8)).await?;
    for group in people.chunks(GROUP) {
        conversation(group).await?;
    }
    let sockets = connect_each(&cluster, &people, 0).await?;
    let mut holding = tokio::task::JoinSet::new();
    for mut socket in sockets {
        holding.spawn(async move { while socket.text().await.is_ok() {} });
    }
    rest(context, &cluster, &format!("{NODES} nodes, {} people", people.len())).await?;
    let top = format!(
        "select calls || ' ' || left(regexp_replace(query, '\\s+', ' ', 'g'), 110) from pg_stat_statements
         where dbid = (select oid from pg_database where datname = current_database()) order by calls desc limit {NAMED}"
    );
    for line in cluster.sql(&top)?.lines() {
        eprintln!("{SCENARIO:<10} asked, in the last part: {line}");
    }
    drop(holding);
    cluster.stop().await;
    Ok(())
}

async fn rest(context: &mut Context, cluster: &Cluster, name: &str) -> io::Result<()> {
    settle(context.or_quick(6, 1)).await;
    let seconds = context.or_quick(15, 2);
    let statements = "select sum(calls) from pg_stat_statements where dbid = \
                      (select oid from pg_database where datname = current_database())";
    cluster.sql("select pg_stat_statements_reset()")?;
    let (said, before) = (cluster.nats_tells("in_msgs"), cluster.spent());
    settle(seconds).await;
    let (spent, told) = (cluster.spent().since(&before), cluster.nats_tells("in_msgs") - said);
    let asked: f64 = cluster.sql(statements)?.trim().parse().unwrap_or_default();
    let nodes = cluster.nodes.len() as f64;
    let row = |what: &str, value: f64, unit| Row::new(SCENARIO, format!("{name}: {what}"), value, unit);
    context.row(row("CPU per second of each node", spent.all_nodes() / nodes / seconds as f64 / 1e3, "ms"));
    context.row(row("CPU per second of PostgreSQL", spent.postgres / seconds as f64 / 1e3, "ms"));
    context.row(row("CPU per second of NATS", spent.nats / seconds as f64 / 1e3, "ms"));
    context.row(row("statements per second, of all nodes", asked / seconds as f64, "1/s"));
    context.row(row("messages to NATS per second, of all nodes", told as f64 / seconds as f64, "1/s"));
    context.row(row("subscriptions at NATS", cluster.nats_tells("subscriptions") as f64, ""));
    let memory: u64 = (0..cluster.nodes.len()).filter_map(|number| Some(cluster.server(number).ok()?.memory())).sum();
    context.row(row("memory of each node", memory as f64 / nodes / 1e6, "MB"));
    Ok(())
}
