//! Numbers as the stack file writes them, and as Swarm does.

use serde_json::Value;

/// A duration such as `1m40s`, in nanoseconds.
pub fn nanoseconds(text: &str) -> Option<u64> {
    let (mut total, mut number) = (0, String::new());
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        if letter.is_ascii_digit() {
            number.push(letter);
            continue;
        }
        let unit = match letter {
            'm' if letters.next_if_eq(&'s').is_some() => 1_000_000,
            'h' => 3_600_000_000_000,
            'm' => 60_000_000_000,
            's' => 1_000_000_000,
            _ => return None,
        };
        total += number.parse::<u64>().ok()? * unit;
        number.clear();
    }
    number.is_empty().then_some(total)
}

/// A share of processors such as `0.5`, in billionths.
pub fn nano_cpus(text: &str) -> Option<u64> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    format!("{whole}{part:0<9}").parse().ok()
}

/// A number that may be written as a text.
pub fn number(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::{nano_cpus, nanoseconds};

    #[test]
    fn durations_and_processors_are_read() {
        assert_eq!(nanoseconds("1m40s"), Some(100_000_000_000));
        assert_eq!(nanoseconds("1h0m0s"), Some(3_600_000_000_000));
        assert_eq!(nanoseconds("500ms"), Some(500_000_000));
        assert_eq!(nanoseconds("5"), None);
        assert_eq!(nano_cpus("1.0"), Some(1_000_000_000));
        assert_eq!(nano_cpus("0.25"), Some(250_000_000));
        assert_eq!(nano_cpus("2"), Some(2_000_000_000));
    }
}
