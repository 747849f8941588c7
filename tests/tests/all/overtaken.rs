//! A follower that is paused in the middle of its work, while another node does it: it commits nothing of it again, and goes on
//! from where the other has got to.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use laserchat_protocol::Event;
use laserchat_server::follow::{Batch, Follower, start};
use laserchat_store::{Begin, Store, StoreError};
use laserchat_tests::TestServer;
use parking_lot::Mutex;
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;

/// Which messages were worked on, and by whom, as far as it was committed.
type Done = Arc<Mutex<Vec<(String, &'static str)>>>;

/// A follower whose work is to note the bodies of messages.
struct Scribe {
    node: &'static str,
    store: Arc<dyn Store>,
    done: Done,
    /// Says that it has decided on something, and waits before it commits that.
    pause: Mutex<Option<(oneshot::Sender<()>, oneshot::Receiver<()>)>>,
}

#[async_trait]
impl Follower for Scribe {
    fn name(&self) -> &'static str {
        "scribe"
    }

    fn begins(&self) -> Begin {
        Begin::AtHead
    }

    async fn take(&self, batch: &Batch) -> Result<bool, StoreError> {
        let events = batch.stretches.iter().flat_map(|stretch| &stretch.events);
        let bodies: Vec<String> = events
            .filter_map(|event| match &**event {
                Event::MessageSent(e) if !e.message.body.is_empty() => Some(e.message.body.clone()),
                _ => None,
            })
            .collect();
        let pause = self.pause.lock().take();
        if let Some((reached, go_on)) = pause {
            reached.send(()).unwrap();
            go_on.await.unwrap();
        }
        let continued = self.store.move_followers(self.name(), batch.steps()).await?;
        if continued {
            self.done.lock().extend(bodies.into_iter().map(|body| (body, self.node)));
        }
        Ok(continued)
    }
}

/// Waits until so many messages were worked on.
async fn worked(done: &Done, count: usize) {
    let all = async {
        while done.lock().len() < count {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), all).await.expect("the followers go on");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_was_paused_does_nothing_twice() {
    let server = TestServer::start().await;
    let app = &server.server().app;
    let ann = server.person("ann").await;
    let group = ann.group("Here", &[]).await;
    let done = Done::default();
    let scribe = |node, pause| {
        Arc::new(Scribe { node, store: Arc::clone(&app.store), done: Arc::clone(&done), pause: Mutex::new(pause) })
    };
    let ((reached, has_decided), (go_on, may_go_on)) = (oneshot::channel(), oneshot::channel());
    app.store.enrol("scribe", Begin::AtHead).await.unwrap();
    let stop = CancellationToken::new();
    start(app, scribe("paused", Some((reached, may_go_on))), stop.clone());
    ann.say(&group, "1", "one").await;
    has_decided.await.unwrap();

    // Its lease is over, and another node has the work.
    let other = stop.child_token();
    start(app, scribe("other", None), other.clone());
    ann.say(&group, "2", "two").await;
    worked(&done, 2).await;
    assert!(done.lock().iter().all(|(_, node)| *node == "other"), "{:?}", done.lock());

    // It comes back in the middle of what it did, and has to find its place before it can do anything.
    go_on.send(()).unwrap();
    ann.say(&group, "3", "three").await;
    worked(&done, 3).await;
    other.cancel();
    ann.say(&group, "4", "four").await;
    worked(&done, 4).await;
    let mut times: BTreeMap<String, usize> = BTreeMap::new();
    for (body, _) in done.lock().iter() {
        *times.entry(body.clone()).or_default() += 1;
    }
    assert_eq!(times, ["one", "two", "three", "four"].map(|body| (body.to_owned(), 1)).into());
    ann.say(&group, "5", "five").await;
    worked(&done, 5).await;
    assert_eq!(done.lock().last(), Some(&("five".to_owned(), "paused")), "it does its work again");
    stop.cancel();
}
