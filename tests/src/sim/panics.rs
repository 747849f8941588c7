//! Panics: one inside a task would go unnoticed, because the runtime only tells whoever waits for the task.

use std::cell::Cell;
use std::sync::Once;

thread_local! {
    static ANY: Cell<bool> = const { Cell::new(false) };
}

/// Forgets earlier panics of this thread, and notices those to come.
pub fn watch() {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            ANY.set(true);
            before(panic);
        }));
    });
    ANY.set(false);
}

/// Whether anything on this thread has panicked.
pub fn any() -> bool {
    ANY.get()
}
