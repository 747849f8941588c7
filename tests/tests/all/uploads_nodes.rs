//! Uploads whose parts reach different nodes: any node goes on with what another began, also when that one has died.

use std::sync::Arc;

use laserchat_ground::cable::{Direction, Flow};
use laserchat_server::uploads::collect;
use laserchat_tests::nodes::Nodes;
use laserchat_tests::upload::{ready, upload};
use laserchat_tests::{Cable, Person, S3, patiently};

/// Too many bytes for one piece.
fn large() -> Vec<u8> {
    (0..3_000_000).map(|at| (at * 31 % 251) as u8).collect()
}

async fn two(s3: &S3) -> Option<(Nodes, [Person; 2])> {
    let mut nodes = Nodes::start(0).await?;
    for _ in 0..2 {
        nodes.add(&s3.settings()).await;
    }
    nodes.together().await;
    let ann = Person::register(nodes[0].address(), "ann").await;
    let there = nodes[1].sees(&ann);
    Some((nodes, [ann, there]))
}

/// Pieces of uploads that are in the bucket.
fn pieces(s3: &S3) -> usize {
    let is_piece = |path: &&std::path::PathBuf| path.to_string_lossy().contains("/files/uploads/");
    s3.all().iter().filter(is_piece).count()
}

async fn nothing_left(s3: &S3) {
    patiently("the pieces to go", async {
        while pieces(s3) > 0 {
            tokio::task::yield_now().await;
        }
    })
    .await;
}

async fn content(person: &Person, id: &str) -> Vec<u8> {
    let answer = person.tus().get(&format!("/files/{id}/content"), &[]).await;
    assert_eq!(answer.status(), 200);
    answer.bytes().await.unwrap().to_vec()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn parts_may_come_to_different_nodes() {
    let s3 = S3::start().await;
    let Some((_nodes, [here, there])) = two(&s3).await else { return };
    let all = large();
    let id = here.tus().create("large.bin", all.len(), &[]).await;
    let mut at = 0;
    for (number, end) in [700_000, 700_001, 2_500_000, all.len()].into_iter().enumerate() {
        let (who, other) = if number % 2 == 0 { (&here, &there) } else { (&there, &here) };
        assert_eq!(who.tus().patch(&id, at as u64, &all[at..end]).await.status(), 204);
        assert_eq!(other.tus().patch(&id, at as u64, &all[at..end]).await.status(), 409, "that is there already");
        assert_eq!(other.tus().offset(&id).await, end as u64);
        at = end;
    }
    ready(&here, &id).await;
    assert!(content(&here, &id).await == all && content(&there, &id).await == all);
    nothing_left(&s3).await;
    assert_eq!(s3.blobs().len(), 1);

    let given_up = here.tus().create("given up.bin", all.len(), &[]).await;
    assert_eq!(here.tus().patch(&given_up, 0, &all[..10]).await.status(), 204);
    assert_eq!(pieces(&s3), 1);
    assert_eq!(there.tus().terminate(&given_up).await.status(), 204);
    nothing_left(&s3).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_that_dies_leaves_what_it_acknowledged() {
    let s3 = S3::start().await;
    let Some((mut nodes, [here, there])) = two(&s3).await else { return };
    let all = large();
    let id = here.tus().create("large.bin", all.len(), &[]).await;
    assert_eq!(here.tus().patch(&id, 0, &all[..1_200_000]).await.status(), 204);
    // The rest is on its way when the node dies.
    let path = format!("/uploads/{id}");
    let headers = [("upload-offset", "1200000"), ("content-type", "application/offset+octet-stream")];
    let tus = here.tus();
    let mut request = tus.http.patch(format!("http://{}/api/v1{path}", tus.address)).bearer_auth(&here.token);
    for (name, value) in headers {
        request = request.header(name, value);
    }
    let sending = tokio::spawn(request.body(all[1_200_000..].to_vec()).send());
    nodes.nodes[0].kill();
    let _ = sending.await;
    let offset = there.tus().offset(&id).await as usize;
    assert!(offset >= 1_200_000, "{offset}");
    if offset < all.len() {
        assert_eq!(there.tus().patch(&id, offset as u64, &all[offset..]).await.status(), 204);
    }
    ready(&there, &id).await;
    assert!(content(&there, &id).await == all);
    nothing_left(&s3).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_deletion_that_comes_late_deletes_nothing_newer() {
    let s3 = S3::start().await;
    let slow = Cable::to(&s3.cable.address.to_string()).await;
    let endpoint = format!("http://{}", slow.address);
    let Some(mut nodes) = Nodes::start(0).await else { return };
    nodes
        .add(&s3.settings().map(|(name, value)| (name, if name == "BLOBS_ENDPOINT" { &*endpoint } else { value })))
        .await;
    let here = Person::register(nodes[0].address(), "ann").await;
    let first = upload(&here, "a file.txt", b"the same bytes").await;
    ready(&here, &first).await;

    // The first node deletes the bytes, and its request does not get there.
    slow.flow(Direction::ToServer, Flow::Stuck);
    assert!(nodes.store().remove_file(first.parse().unwrap()).await.unwrap());
    let app = Arc::clone(&nodes[0].server().app);
    let late = tokio::spawn(async move { collect(&app).await });
    patiently("the deletion", slow.holds()).await;
    // Another node deletes them meanwhile, and then they are wanted again.
    nodes.add(&s3.settings()).await;
    collect(&nodes[1].server().app).await.unwrap();
    assert!(s3.blobs().is_empty());
    let there = nodes[1].sees(&here);
    let again = upload(&there, "a file.txt", b"the same bytes").await;
    ready(&there, &again).await;

    slow.mend();
    patiently("the first node's turn", late).await.unwrap().unwrap();
    assert_eq!(content(&there, &again).await, b"the same bytes");
}
