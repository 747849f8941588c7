//! Saved messages: put aside for oneself, on all devices, and shown as they are now.

use laserchat_tests::{Person, TestServer};
use serde_json::{Value, json};

async fn saved(who: &Person) -> Vec<Value> {
    who.get("/me/saved").await.expect(200)["items"].as_array().unwrap().clone()
}

fn bodies(items: &[Value]) -> Vec<&str> {
    items.iter().map(|item| item["message"]["body"].as_str().unwrap_or("-")).collect()
}

#[tokio::test]
async fn saving_and_finding_again() {
    let server = TestServer::start().await;
    let [ann, bob] = server.people(["ann", "bob"]).await;
    let direct = ann.direct(&bob).await;
    let one = bob.say(&direct, "1", "one").await["id"].as_str().unwrap().to_owned();
    let two = bob.say(&direct, "2", "two").await["id"].as_str().unwrap().to_owned();
    let mut phone = ann.login().await.connect().await;
    let first = ann.put(&format!("/me/saved/{one}"), json!({})).await.expect(200);
    assert_eq!(phone.expect("saved.updated").await["saved"], first);
    assert_eq!(ann.put(&format!("/me/saved/{one}"), json!({})).await.expect(200), first, "twice is once");
    ann.put(&format!("/me/saved/{two}"), json!({})).await.expect(200);
    assert_eq!(bodies(&saved(&ann).await), ["two", "one"], "the last saved first");
    assert!(saved(&bob).await.is_empty());
    let page = ann.get("/me/saved?limit=1").await.expect(200);
    let next = page["next"].as_str().unwrap();
    let rest = ann.get(&format!("/me/saved?limit=1&cursor={next}")).await.expect(200);
    assert_eq!((bodies(rest["items"].as_array().unwrap()), &rest["next"]), (vec!["one"], &Value::Null));
    // The message is shown as it is now, and not at all to who can no longer see it.
    bob.put(&format!("/messages/{two}"), json!({ "body": "two, edited" })).await.expect(200);
    bob.delete(&format!("/messages/{one}")).await.expect(200);
    assert_eq!(bodies(&saved(&ann).await), ["two, edited", ""]);
    ann.delete(&format!("/me/saved/{two}")).await.expect(204);
    ann.delete(&format!("/me/saved/{two}")).await.expect(204);
    let told = loop {
        let told = phone.expect("saved.updated").await["saved"].clone();
        if told["saved_at"].is_null() {
            break told;
        }
    };
    assert_eq!(told["message_id"], two.as_str());
    assert_eq!(bodies(&saved(&ann).await), [""]);
}

#[tokio::test]
async fn only_what_one_can_see() {
    let server = TestServer::start().await;
    let [ann, bob, eve] = server.people(["ann", "bob", "eve"]).await;
    let group = ann.group("group", &[&bob]).await;
    let message = ann.say(&group, "1", "for us").await["id"].as_str().unwrap().to_owned();
    let path = format!("/me/saved/{message}");
    eve.put(&path, json!({})).await.refused(404, "not_found");
    eve.delete(&path).await.refused(404, "not_found");
    for bad in ["/me/saved/0", "/me/saved/x", "/me/saved/99999999999999999999"] {
        ann.put(bad, json!({})).await.refused(400, "invalid_request");
    }
    ann.put("/me/saved/5", json!({})).await.refused(404, "not_found");
    bob.put(&path, json!({})).await.expect(200);
    bob.post(&format!("/conversations/{group}/leave"), json!({})).await.expect(204);
    let items = saved(&bob).await;
    assert_eq!((items.len(), &items[0]["message"]), (1, &Value::Null), "left with the conversation");
    bob.delete(&path).await.expect(204);
    assert!(saved(&bob).await.is_empty());
    ann.delete(&format!("/messages/{message}")).await.expect(200);
    ann.put(&path, json!({})).await.refused(410, "message_deleted");
}
