//! Turns: what must not happen twice at once for one key happens one after the other, in the order of coming.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Arc;

use parking_lot::Mutex;
use tokio::sync::MutexGuard;

type Lock = Arc<tokio::sync::Mutex<()>>;

/// The keys that are in use just now. There is nothing for a key that nobody uses.
pub struct Turns<K>(Mutex<HashMap<K, Lock>>);

impl<K> Default for Turns<K> {
    fn default() -> Self {
        Turns(Mutex::default())
    }
}

/// A place in the row of one key, given up when dropped.
pub struct Place<'a, K: Eq + Hash> {
    turns: &'a Turns<K>,
    key: K,
    lock: Lock,
}

impl<K: Eq + Hash + Clone> Turns<K> {
    pub fn place(&self, key: K) -> Place<'_, K> {
        let lock = Arc::clone(self.0.lock().entry(key.clone()).or_default());
        Place { turns: self, key, lock }
    }
}

impl<K: Eq + Hash> Place<'_, K> {
    /// Waits for one's turn, which lasts as long as what is returned.
    pub async fn turn(&self) -> MutexGuard<'_, ()> {
        self.lock.lock().await
    }
}

impl<K: Eq + Hash> Drop for Place<'_, K> {
    fn drop(&mut self) {
        let mut turns = self.turns.0.lock();
        // Given up under the lock, or two that go at once would each take the other for one who waits.
        drop(std::mem::take(&mut self.lock));
        if turns.get(&self.key).is_some_and(|lock| Arc::strong_count(lock) == 1) {
            turns.remove(&self.key);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn two_at_once_take_turns_and_leave_nothing_behind() {
        let turns = Turns::default();
        let (first, second) = (turns.place(1), turns.place(1));
        let other = turns.place(2);
        let turn = first.turn().await;
        assert!(second.lock.try_lock().is_err() && other.lock.try_lock().is_ok());
        drop(turn);
        drop(first);
        assert!(second.lock.try_lock().is_ok());
        assert!(Arc::ptr_eq(&second.lock, &turns.place(1).lock));
        drop((second, other));
        assert!(turns.0.lock().is_empty());
    }
}
