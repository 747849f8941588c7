//! What a store asks its database: for tests that look at the plans of statements, or count them.
//!
//! Nothing is noted until a test asks for it, and then for the whole process: a test that does is the only one in its process,
//! or takes turns with the others.

use std::sync::atomic::{AtomicBool, Ordering};

use parking_lot::Mutex;

use crate::sql::Value;

/// A statement that was run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ran {
    /// With its values in place, for SQLite.
    pub sql: String,
    /// Spelled as SQL, for PostgreSQL.
    pub values: Vec<String>,
}

static NOTING: AtomicBool = AtomicBool::new(false);
static NOTED: Mutex<Vec<Ran>> = Mutex::new(Vec::new());

/// What is run while something else is done.
pub async fn of<T>(work: impl Future<Output = T>) -> (T, Vec<Ran>) {
    NOTED.lock().clear();
    NOTING.store(true, Ordering::SeqCst);
    let done = work.await;
    NOTING.store(false, Ordering::SeqCst);
    (done, std::mem::take(&mut NOTED.lock()))
}

pub(crate) fn ran_on_sqlite(statement: &rusqlite::Statement<'_>) {
    if NOTING.load(Ordering::Relaxed) {
        NOTED.lock().extend(statement.expanded_sql().map(|sql| Ran { sql, values: Vec::new() }));
    }
}

pub(crate) fn ran_on_postgres(sql: &str, values: &[Value<'_>]) {
    if NOTING.load(Ordering::Relaxed) {
        NOTED.lock().push(Ran { sql: sql.to_owned(), values: values.iter().map(spelled).collect() });
    }
}

fn spelled(value: &Value<'_>) -> String {
    match value {
        Value::Null => "NULL".to_owned(),
        Value::Int(number) => format!("'{number}'"),
        Value::Text(text) => format!("'{}'", text.replace('\'', "''")),
        Value::Blob(bytes) => {
            let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
            format!("'\\x{digits}'")
        }
    }
}
