//! Mail: links that confirm addresses, and digests for people who were away.
//!
//! What is to be sent are rows of the store, each with a time; `worker.rs` takes them, `letter.rs` writes the mails,
//! `transport.rs` hands them to the operator's mail server. A digest has a number among those of its reader. The number is
//! noted, together with what the digest may tell, before anything is sent, and it is noted that the digest is sent after the
//! mail server has taken it: when the process dies between the two, the same digest is sent again under the same
//! `Message-ID`, by which mail servers and readers know the second for the first.

mod letter;
mod links;
mod page;
mod transport;
mod when;
mod words;
mod worker;

pub use links::{Links, user as user_of};
pub use page::{Page, page};
pub use transport::{MailServer, mailbox};
pub use when::due;
pub use worker::{Postman, run};
