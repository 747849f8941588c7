//! The contract suite: what every backend must do, whatever it is made of.
//!
//! One file per noun; each test is `async fn(&dyn Store)` and gets a fresh store. A backend runs all of them with
//! [`contract_suite!`](crate::contract_suite), naming a function that makes a fresh store and whatever must live as long
//! as it does:
//!
//! ```ignore
//! fn fresh() -> (Sqlite, TempDir) { … }
//! laserchat_store::contract_suite!(fresh);
//! ```

pub mod log;
pub mod world;

/// Makes one test of every function of the suite.
#[macro_export]
macro_rules! contract_suite {
    ($fresh:ident) => {
        $crate::contract_suite! { @all $fresh;
            log: one_post_from_end_to_end, seqs_are_dense, wrong_positions_conflict, stale_versions_are_refused,
                a_retry_returns_the_first_result, appends_of_a_group_follow_each_other,
                a_refused_append_disturbs_no_other, appenders_never_leave_a_gap, windows, reactions, reactors_are_paged,
                threads, following, pins, deleting_leaves_a_tombstone, mentions_follow_edits, forwarded_and_system;
        }
    };
    (@all $fresh:ident; $($noun:ident: $($test:ident),+;)+) => {
        $(mod $noun {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() {
                let (store, _guard) = super::$fresh();
                $crate::suite::$noun::$test(&store).await;
            })+
        })+
    };
}
