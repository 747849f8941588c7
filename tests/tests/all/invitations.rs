//! Invitation links into conversations: who may make them, what they show, and when they end.

use laserchat_tests::person::{call, http};
use laserchat_tests::{Answer, Person, TestServer, patiently};
use reqwest::Method;
use serde_json::{Value, json};

async fn invite(who: &Person, conversation: &str, body: Value) -> Value {
    who.post(&format!("/conversations/{conversation}/invitations"), body).await.expect(201)
}

async fn join(who: &Person, invitation: &Value) -> Answer {
    who.post(&format!("/invitations/{}/join", invitation["code"].as_str().expect("a code")), json!({})).await
}

/// What anybody sees who holds the code.
async fn preview(server: &TestServer, invitation: &Value) -> Answer {
    let path = format!("/invitations/{}", invitation["code"].as_str().expect("a code"));
    call(&http(), &server.address(), Method::GET, &path, None, None).await
}

async fn uses(who: &Person, conversation: &str, invitation: &Value) -> u64 {
    let listed = who.get(&format!("/conversations/{conversation}/invitations")).await.expect(200);
    let listed = listed["items"].as_array().unwrap().iter().find(|listed| listed["id"] == invitation["id"]).cloned();
    listed.expect("it is listed")["uses"].as_u64().unwrap()
}

#[tokio::test]
async fn a_link_opens_what_is_private() {
    let server = TestServer::start().await;
    let [ann, bob] = server.people(["ann", "bob"]).await;
    let group = ann.group("hideout", &[]).await;
    let link = invite(&ann, &group, json!({})).await;
    let seen = preview(&server, &link).await.expect(200);
    assert_eq!((&seen["conversation_name"], &seen["member_count"]), (&json!("hideout"), &json!(1)));
    let mut anns = ann.connect().await;
    let mut bobs = bob.connect().await;
    let joined = join(&bob, &link).await.expect(200);
    assert_eq!((&joined["id"], &joined["membership"]["role"]), (&json!(group), &json!("member")));
    assert_eq!(anns.expect("member.added").await["member"]["user"]["id"], bob.id.as_str());
    assert_eq!(anns.expect("message.sent").await["message"]["system"]["event"], "joined");
    assert_eq!(bobs.expect("membership.updated").await["membership"]["state"], "joined");
    // Joining again is no use of it.
    join(&bob, &link).await.expect(200);
    assert_eq!(uses(&ann, &group, &link).await, 1);
    // Whoever left may come back by it.
    bob.post(&format!("/conversations/{group}/leave"), json!({})).await.expect(204);
    join(&bob, &link).await.expect(200);
    assert_eq!(uses(&ann, &group, &link).await, 2);
}

#[tokio::test]
async fn a_link_for_three_lets_three_in() {
    let server = TestServer::start().await;
    let ann = server.person("ann").await;
    let guests = server.people(["guest.a", "guest.b", "guest.c", "guest.d", "guest.e", "guest.f"]).await;
    let group = ann.group("table", &[]).await;
    let link = invite(&ann, &group, json!({ "max_uses": 3 })).await;
    let joining: Vec<_> = guests
        .iter()
        .map(|guest| {
            let (guest, link) = (guest.clone(), link.clone());
            tokio::spawn(async move { join(&guest, &link).await })
        })
        .collect();
    let mut in_and_out = (0, 0);
    for answer in joining {
        let answer = answer.await.unwrap();
        if answer.status == 200 {
            in_and_out.0 += 1;
        } else {
            answer.refused(410, "invitation_invalid");
            in_and_out.1 += 1;
        }
    }
    assert_eq!(in_and_out, (3, 3));
    assert_eq!(ann.get(&format!("/conversations/{group}")).await.expect(200)["member_count"], 4);
    preview(&server, &link).await.refused(410, "invitation_invalid");
    assert_eq!(ann.get(&format!("/conversations/{group}/invitations")).await.expect(200)["items"], json!([]));
}

#[tokio::test]
async fn links_expire_and_are_revoked() {
    let server = TestServer::start().await;
    let [ann, bob] = server.people(["ann", "bob"]).await;
    let group = ann.group("brief", &[]).await;
    let brief = invite(&ann, &group, json!({ "expires_in": 1 })).await;
    assert!(brief["expires_at"].is_string());
    patiently("the link to expire", async {
        while preview(&server, &brief).await.status == 200 {
            tokio::task::yield_now().await;
        }
    })
    .await;
    join(&bob, &brief).await.refused(410, "invitation_invalid");
    let revoked = invite(&ann, &group, json!({})).await;
    let path = format!("/conversations/{group}/invitations/{}", revoked["id"].as_str().unwrap());
    ann.delete(&path).await.expect(204);
    ann.delete(&path).await.refused(404, "not_found");
    join(&bob, &revoked).await.refused(410, "invitation_invalid");
    preview(&server, &revoked).await.refused(410, "invitation_invalid");
    // The code is shown once.
    let kept = invite(&ann, &group, json!({ "expires_in": 3600, "max_uses": 5 })).await;
    let listed = ann.get(&format!("/conversations/{group}/invitations")).await.expect(200);
    let mut expected = kept.clone();
    expected.as_object_mut().unwrap().remove("code");
    assert_eq!(listed["items"], json!([expected]));
    // What is refused leaves it as it was.
    ann.put(&format!("/conversations/{group}"), json!({ "archived": true })).await.expect(200);
    join(&bob, &kept).await.refused(409, "archived");
    assert_eq!(uses(&ann, &group, &kept).await, 0);
}

#[tokio::test]
async fn there_are_so_many_links_and_no_more() {
    let server = TestServer::start().await;
    let ann = server.person("ann").await;
    let group = ann.group("many", &[]).await;
    let mut last = Value::Null;
    for _ in 0..100 {
        last = invite(&ann, &group, json!({})).await;
    }
    let path = format!("/conversations/{group}/invitations");
    ann.post(&path, json!({})).await.refused(409, "limit_reached");
    ann.delete(&format!("{path}/{}", last["id"].as_str().unwrap())).await.expect(204);
    ann.post(&path, json!({})).await.expect(201);
    let direct = ann.direct(&ann).await;
    ann.post(&format!("/conversations/{direct}/invitations"), json!({})).await.refused(409, "wrong_kind");
}
