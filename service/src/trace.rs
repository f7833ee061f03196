//! The trace that a request belongs to, as W3C Trace Context spells it
//! (<https://www.w3.org/TR/trace-context/#traceparent-header>).

use std::fmt;

use axum::http::HeaderMap;

/// The header that carries a trace from one program to the next.
pub const HEADER: &str = "traceparent";

tokio::task_local! {
    static CURRENT: Trace;
}

/// One request's place in a trace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Trace {
    id: u128,
    sampled: bool,
}

impl Trace {
    /// The trace of a request with these headers.
    #[must_use]
    pub fn of(headers: &HeaderMap) -> Self {
        Self::from_header(headers.get(HEADER).and_then(|value| value.to_str().ok()))
    }

    /// Goes on with the trace that a `traceparent` header names, or starts a new one where there is none or it is malformed.
    #[must_use]
    pub fn from_header(traceparent: Option<&str>) -> Self {
        traceparent.and_then(parse).unwrap_or_else(|| Self {
            id: fastrand::u128(1..),
            sampled: true,
        })
    }

    /// The trace of the request that this task answers.
    #[must_use]
    pub fn current() -> Option<Self> {
        CURRENT.try_with(|trace| *trace).ok()
    }

    /// Runs `work` as a part of this trace.
    pub async fn scope<W: Future>(self, work: W) -> W::Output {
        CURRENT.scope(self, work).await
    }

    /// The `traceparent` for a call out: the same trace, a new span.
    #[must_use]
    pub fn to_header(self) -> String {
        format!("00-{self}-{:016x}-{:02x}", fastrand::u64(1..), u8::from(self.sampled))
    }
}

/// The trace id: 32 hexadecimal digits.
impl fmt::Display for Trace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.id)
    }
}

/// Reads `version-traceid-parentid-flags`; later versions may append fields, version `ff` and zero ids are invalid.
fn parse(traceparent: &str) -> Option<Trace> {
    let mut fields = traceparent.trim().split('-');
    let (version, id) = (hex(fields.next()?, 2)?, hex(fields.next()?, 32)?);
    let (parent, flags) = (hex(fields.next()?, 16)?, hex(fields.next()?, 2)?);
    let extended = fields.next().is_some();
    let valid = id != 0 && parent != 0 && version != 0xff && !(version == 0 && extended);
    valid.then_some(Trace {
        id,
        sampled: flags & 1 == 1,
    })
}

fn hex(digits: &str, length: usize) -> Option<u128> {
    let lower = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    let valid = digits.len() == length && digits.bytes().all(lower);
    valid.then(|| u128::from_str_radix(digits, 16).ok())?
}

#[cfg(test)]
mod tests {
    use super::Trace;

    #[test]
    fn a_trace_goes_on_from_one_program_to_the_next() {
        let trace = Trace::from_header(Some("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"));
        assert_eq!(trace.to_string(), "0af7651916cd43dd8448eb211c80319c");
        let header = trace.to_header();
        assert_eq!(Trace::from_header(Some(&header)), trace);
        assert!(!header.contains("b7ad6b7169203331"), "the span is new");
    }

    #[test]
    fn a_malformed_header_starts_a_new_trace() {
        for malformed in [
            "",
            "hello",
            "00-00000000000000000000000000000000-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
            "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
            "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-extra",
            "00-+af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        ] {
            let trace = Trace::from_header(Some(malformed));
            assert_ne!(trace.to_string(), "0af7651916cd43dd8448eb211c80319c", "{malformed}");
            assert_ne!(trace, Trace::from_header(Some(malformed)), "{malformed}");
        }
    }
}
