//! Logs as logfmt on stdout.

use std::error::Error;

use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, filter};

/// What went wrong and why, on one line; a cause that its effect already tells is not told again.
#[must_use]
pub fn causes(error: &(dyn Error + 'static)) -> String {
    let mut told = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let text = cause.to_string();
        if !told.contains(&text) {
            told = format!("{told}: {text}");
        }
        source = cause.source();
    }
    told
}

/// Starts logging; `directives` is what `tracing`'s `EnvFilter` reads, such as `info` or `info,sqlx=debug`.
///
/// # Errors
/// Answers what is wrong with `directives`.
pub fn start(directives: &str) -> Result<(), filter::ParseError> {
    let lines = tracing_logfmt::builder().with_span_path(false).layer();
    tracing_subscriber::registry()
        .with(EnvFilter::builder().parse(directives)?)
        .with(lines)
        .init();
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::causes;

    #[derive(Debug)]
    struct Outer(&'static str, io::Error);

    impl std::fmt::Display for Outer {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str(self.0)
        }
    }

    impl std::error::Error for Outer {
        fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
            Some(&self.1)
        }
    }

    #[test]
    fn a_cause_is_told_once() {
        let full = || io::Error::other("disk full");
        assert_eq!(causes(&Outer("cannot write", full())), "cannot write: disk full");
        assert_eq!(
            causes(&Outer("cannot write: disk full", full())),
            "cannot write: disk full"
        );
    }
}
