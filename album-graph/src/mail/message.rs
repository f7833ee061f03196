//! A mail as it goes over the wire.

use std::time::{Duration, SystemTime};

use lettre::Address;
use lettre::address::AddressError;
use lettre::message::header::{ContentTransferEncoding, ContentType, Header, HeaderName, HeaderValue};
use lettre::message::{Body, Mailbox, Message, SinglePart};
use url::Host;

use crate::store::mails::Mail;

/// The longest line that every mail server takes, in bytes.
const LONGEST_LINE: usize = 998;

/// Why a mail cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum MessageError {
    /// It has no address that mail can be sent to.
    #[error("the recipient's address is of no use")]
    Recipient(#[from] AddressError),
    /// Its parts do not make a mail.
    #[error("the mail cannot be written")]
    Mail(#[from] lettre::error::Error),
}

/// Says that nobody wrote it, so that nobody's absence is told to the shop (RFC 3834).
#[derive(Clone)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

/// Writes a mail; every time the same, so that whoever gets it twice can tell.
pub(super) fn compose(mail: &Mail, from: &Mailbox) -> Result<Message, MessageError> {
    let queued = Duration::from_millis(u64::try_from(mail.created_at.0).unwrap_or(0));
    let id = format!("<{}@{}>", name(mail), from.email.domain());
    // One line, whatever it is made of.
    let subject: String = mail
        .subject
        .chars()
        .map(|letter| if letter.is_control() { ' ' } else { letter })
        .collect();
    Ok(Message::builder()
        .from(from.clone())
        .to(Mailbox::new(None, recipient(&mail.recipient)?))
        .subject(subject)
        .date(SystemTime::UNIX_EPOCH + queued)
        .message_id(Some(id))
        .header(AutoSubmitted)
        .singlepart(
            SinglePart::builder()
                .header(ContentType::TEXT_PLAIN)
                .body(body(&mail.body)),
        )?)
}

/// What it says: as it is wherever every mail server takes it so, for people may read it in a file, and a link in pieces is of no
/// use.
fn body(text: &str) -> Body {
    let is_plain = |line: &str| line.len() <= LONGEST_LINE && !line.contains(|letter: char| letter.is_control());
    if !text.is_ascii() || !text.lines().all(is_plain) {
        return Body::new(text.to_owned());
    }
    let lines: Vec<&str> = text.lines().collect();
    Body::dangerous_pre_encoded(lines.join("\r\n").into_bytes(), ContentTransferEncoding::SevenBit)
}

/// What tells a mail from all others; the ones queued later follow.
pub(super) fn name(mail: &Mail) -> String {
    format!("{}.{}", mail.created_at.0, mail.id)
}

/// An address whose domain every mail server can look up.
fn recipient(text: &str) -> Result<Address, AddressError> {
    let (local_part, domain) = text.rsplit_once('@').ok_or(AddressError::MissingParts)?;
    match Host::parse(domain) {
        Ok(Host::Domain(ascii)) => Address::new(local_part, ascii),
        _ => Address::new(local_part, domain),
    }
}

#[cfg(test)]
mod tests {
    use super::{Mail, Mailbox, compose};
    use crate::clock::Moment;

    fn written(recipient: &str, subject: &str, body: &str) -> String {
        let mail = Mail {
            id: 7,
            recipient: recipient.to_owned(),
            subject: subject.to_owned(),
            body: body.to_owned(),
            created_at: Moment(1_769_860_800_123),
            attempts: 0,
            due_at: Moment(0),
        };
        let from: Mailbox = "Music Store <shop@example.com>".parse().unwrap();
        String::from_utf8(compose(&mail, &from).unwrap().formatted()).unwrap()
    }

    #[test]
    fn a_mail_says_who_writes_when_and_that_nobody_did_by_hand() {
        let link = format!("http://127.0.0.1:3000/confirm?token={}", "x".repeat(43));
        let text = written("ann@b\u{fc}cher.example", "Confirm", &format!("Hello!\n\n{link}\n"));
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        for line in [
            "From: \"Music Store\" <shop@example.com>",
            "To: ann@xn--bcher-kva.example",
            "Subject: Confirm",
            "Date: Sat, 31 Jan 2026 12:00:00 +0000",
            "Message-ID: <1769860800123.7@example.com>",
            "Auto-Submitted: auto-generated",
            "Content-Type: text/plain; charset=utf-8",
            "MIME-Version: 1.0",
        ] {
            assert!(head.lines().any(|head| head == line), "{line} in {head}");
        }
        assert_eq!(body, format!("Hello!\r\n\r\n{link}\r\n"));
    }

    #[test]
    fn no_text_adds_a_header_or_another_recipient() {
        let text = written("ann@example.com", "Hello\r\nBcc: eve@example.com\n\nBody", "Text");
        let (head, _) = text.split_once("\r\n\r\n").unwrap();
        assert!(head.lines().all(|line| !line.starts_with("Bcc")), "{head}");
        assert!(text.contains("auto-generated"));
        let encoded = written("ann@example.com", "Bj\u{f6}rk \u{266b}", "Bj\u{f6}rk");
        assert!(encoded.is_ascii(), "{encoded}");
    }
}
