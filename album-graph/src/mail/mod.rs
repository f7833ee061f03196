//! Mail: what it says, and how it gets out. It is queued in the database with what causes it, and sent by whichever replica takes
//! it first.

mod mailer;
mod message;
pub mod texts;
mod transport;

pub use lettre::message::Mailbox;
pub use mailer::{Mailer, keep};
pub use transport::{SendError, SmtpError, Transport};
