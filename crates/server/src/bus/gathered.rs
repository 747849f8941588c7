//! What is gathered for one task, which takes all of it at once. What is put here is bounded by what it is about.

use parking_lot::Mutex;
use tokio::sync::Notify;

pub struct Gathered<T> {
    items: Mutex<Vec<T>>,
    wake: Notify,
}

impl<T> Default for Gathered<T> {
    fn default() -> Self {
        Gathered { items: Mutex::default(), wake: Notify::new() }
    }
}

impl<T> Gathered<T> {
    pub fn put(&self, item: T) {
        self.items.lock().push(item);
        self.wake.notify_one();
    }

    /// Everything that was put since the last time, once there is something.
    pub async fn take(&self) -> Vec<T> {
        loop {
            let items = std::mem::take(&mut *self.items.lock());
            if !items.is_empty() {
                return items;
            }
            self.wake.notified().await;
        }
    }
}
