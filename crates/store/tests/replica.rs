//! A copy of the database answers what it may, and nobody ever misses what they wrote themselves.

use laserchat_ground::postgres::Postgres as Server;
use laserchat_store::postgres::LINKS;
use laserchat_store::suite::world::World;
use laserchat_store::{Postgres, Users};

fn start() -> Option<(Server, Server)> {
    let primary = Server::start()?;
    let replica = primary.replica("copy", &[]);
    primary.wait_for_replica("copy");
    Some((primary, replica))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_replica_answers_only_what_it_has() {
    let Some((primary, replica)) = tokio::task::spawn_blocking(start).await.unwrap() else { return };
    let url = replica.url("postgres");
    let store = Postgres::open(&primary.url("postgres"), Some(&url), LINKS).await.unwrap();
    let world = World::new(&store);
    let found = async |name: &str| store.search_users(&[name.to_owned()], None, 5).await.unwrap().items.len();
    let asked = "SELECT coalesce(sum(seq_scan + idx_scan), 0) FROM pg_stat_user_tables";

    // One that follows is asked, as soon as it has what was written before.
    for n in 0.. {
        let name = format!("ann{n}");
        world.person(&name).await;
        assert_eq!(found(&name).await, 1);
        if replica.sql("postgres", asked).unwrap() != "0" {
            break;
        }
        assert!(n < 1000, "the replica is never asked");
    }
    // One that is behind is not believed, and one that is away is not missed.
    replica.sql("postgres", "SELECT pg_wal_replay_pause()").unwrap();
    for n in 0..20 {
        let name = format!("late{n}");
        world.person(&name).await;
        assert_eq!(found(&name).await, 1, "{name}");
    }
    drop(replica);
    world.person("alone").await;
    assert_eq!((found("alone").await, found("late19").await), (1, 1));
}
