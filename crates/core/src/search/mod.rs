//! Search: what a query means, and which messages it finds.
//!
//! Everything here is a pure function, so that one definition serves the index, the check of what the index found, and
//! the tests. The store finds candidates by the terms that [`fold`] makes of texts; [`Wanted::fits`] is what decides.

pub mod fact;
pub mod fold;
pub mod query;
pub mod snippet;
pub mod term;
pub mod wanted;
pub mod when;

pub use fact::Facts;
pub use query::{Place, Query, Who};
pub use snippet::snippet;
pub use term::Term;
pub use wanted::{Among, Wanted};
