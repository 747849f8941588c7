//! Leases: one holder at a time, and everybody can tell an old holder from a new one.

use std::time::Duration;

use crate::{Lease, Store};

/// Longer than any test takes.
const LONG: Duration = Duration::from_secs(3600);

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

fn held(leases: &[Lease]) -> Vec<(&str, u64)> {
    leases.iter().map(|lease| (lease.name.as_str(), lease.token)).collect()
}

pub async fn one_holder_at_a_time(store: &dyn Store) {
    let both = names(&["mail", "search"]);
    assert_eq!(held(&store.lease("a", &names(&["mail"]), LONG).await.unwrap()), [("mail", 1)]);
    assert_eq!(held(&store.lease("b", &both, LONG).await.unwrap()), [("search", 1)], "what is free");
    assert_eq!(held(&store.lease("a", &both, LONG).await.unwrap()), [("mail", 1)], "and what is one's own");
    assert!(store.lease("c", &both, LONG).await.unwrap().is_empty());
}

pub async fn they_end_by_themselves(store: &dyn Store) {
    let name = names(&["mail"]);
    store.lease("a", &name, Duration::ZERO).await.unwrap();
    assert_eq!(held(&store.lease("b", &name, LONG).await.unwrap()), [("mail", 2)]);
    assert!(store.lease("a", &name, LONG).await.unwrap().is_empty(), "the first one came back too late");
    store.release("b", &name).await.unwrap();
    assert_eq!(held(&store.lease("a", &name, LONG).await.unwrap()), [("mail", 3)]);
}

pub async fn tokens_rise_with_each_holder(store: &dyn Store) {
    let name = names(&["mail"]);
    for (holder, token) in [("a", 1), ("a", 1), ("b", 2), ("b", 2), ("a", 3)] {
        assert_eq!(held(&store.lease(holder, &name, Duration::ZERO).await.unwrap()), [("mail", token)]);
    }
}

pub async fn they_are_given_back(store: &dyn Store) {
    let name = names(&["mail"]);
    store.lease("a", &name, LONG).await.unwrap();
    store.release("b", &name).await.unwrap();
    assert!(store.lease("b", &name, LONG).await.unwrap().is_empty(), "nobody gives back what another holds");
    store.release("a", &name).await.unwrap();
    assert_eq!(held(&store.lease("b", &name, LONG).await.unwrap()), [("mail", 2)]);
    store.release("b", &name).await.unwrap();
    assert_eq!(held(&store.lease("b", &name, LONG).await.unwrap()), [("mail", 3)], "giving back ends a hold for good");
}
