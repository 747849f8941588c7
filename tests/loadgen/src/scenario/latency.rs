//! From sending to delivery at a steady rate: 1,000 messages a second, each to 20 members.

use std::io;

use super::{Context, settle};
use crate::report::{Row, percentile};
use crate::setup::accounts;
use crate::traffic::Traffic;

const MEMBERS: usize = 20;

pub async fn run(context: &mut Context) -> io::Result<()> {
    let (rooms, rate, seconds) = context.or_quick((10, 1000, 15), (2, 100, 1));
    let server = context.server().await?;
    let people = accounts(&server, rooms * MEMBERS).await?;
    let mut warm = Traffic::new(&server, &people, MEMBERS).await?;
    warm.run(rate, 1).await?;
    warm.finish().await;
    settle(1).await;

    let mut traffic = Traffic::new(&server, &people, MEMBERS).await?;
    let before = server.cpu();
    traffic.run(rate, seconds).await?;
    let cpu = server.cpu().since(before).total();
    let times = traffic.finish().await;
    let ms = |share| percentile(&times, share) as f64 / 1e6;
    let name = |what: &str| format!("{what}, {rate} messages/s to {MEMBERS} each");
    context.row(Row::new("latency", name("send to delivery p50"), ms(0.5), "ms").budget(0.8));
    context.row(Row::new("latency", name("send to delivery p99"), ms(0.99), "ms").budget(4.0));
    context.row(Row::new("latency", name("send to delivery max"), ms(1.0), "ms"));
    context.row(Row::new("latency", name("CPU per message"), cpu / (rate * seconds) as f64, "us"));
    Ok(())
}
