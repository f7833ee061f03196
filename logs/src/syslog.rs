//! Messages as syslog servers read them: [RFC 5424](https://www.rfc-editor.org/rfc/rfc5424), each with its length before it as
//! [RFC 5425](https://www.rfc-editor.org/rfc/rfc5425#section-4.3) has it over TLS.

use std::fmt::Write as _;

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use time::macros::format_description;

use crate::container::Names;
use crate::line::Line;

/// Facility "user", severity "informational".
const PRINTED: u8 = 8 + 6;
/// Facility "user", severity "error", as Docker's own syslog driver has it for stderr.
const PRINTED_AS_ERROR: u8 = 8 + 3;

/// The part of messages that is the same for all of one container.
#[derive(Debug)]
pub struct Origin {
    header: String,
    data: String,
}

impl Origin {
    /// Says who prints, and on which machine.
    pub fn new(node: &str, names: &Names) -> Self {
        let (service, task) = (&names.service, &names.task);
        // 32473 is the number for those who have none.
        let data = format!(
            r#"[docker@32473 node="{}" service="{}" task="{}" container="{}"]"#,
            escaped(node),
            escaped(service),
            escaped(task),
            escaped(&names.container)
        );
        Self {
            header: format!("{} {} {}", name(node, 255), name(service, 48), name(task, 128)),
            data,
        }
    }

    /// Appends the line as a message to `frames`.
    pub fn write(&self, line: &Line, frames: &mut Vec<u8>) {
        let (priority, stream) = if line.is_error {
            (PRINTED_AS_ERROR, "stderr")
        } else {
            (PRINTED, "stdout")
        };
        let Self { header, data } = self;
        let time = time(&line.time).unwrap_or_else(|| "-".to_owned());
        let mut message = format!("<{priority}>1 {time} {header} {stream} {data}");
        if !line.text.is_empty() {
            let _ = write!(message, " {}", line.text);
        }
        frames.extend_from_slice(format!("{} ", message.len()).as_bytes());
        frames.extend_from_slice(message.as_bytes());
    }
}

/// Docker's time, in nanoseconds, as the microseconds that syslog allows.
fn time(docker: &str) -> Option<String> {
    let time = OffsetDateTime::parse(docker, &Rfc3339).ok()?.to_utc();
    let format = format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:6]Z");
    time.format(format).ok()
}

/// A name as the header has it: printable ASCII of a bounded length.
fn name(name: &str, longest: usize) -> String {
    let printable = name
        .chars()
        .map(|char| if char.is_ascii_graphic() { char } else { '_' });
    let name: String = printable.take(longest).collect();
    if name.is_empty() { "-".to_owned() } else { name }
}

/// A value of structured data.
fn escaped(value: &str) -> String {
    value.replace('\\', r"\\").replace('"', r#"\""#).replace(']', r"\]")
}
