//! Durations of tracks and albums.

/// As a player shows it: `3:07`, or `1:02:03` from an hour on.
pub fn clock(seconds: i32) -> String {
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if hours > 0 {
        format!("{hours}:{minutes:02}:{seconds:02}")
    } else {
        format!("{minutes}:{seconds:02}")
    }
}

/// As people say it: `43 min`, or `1 h 2 min` from an hour on.
pub fn in_words(seconds: i32) -> String {
    let minutes = (seconds + 30) / 60;
    match (minutes / 60, minutes % 60) {
        (0, minutes) => format!("{minutes} min"),
        (hours, 0) => format!("{hours} h"),
        (hours, minutes) => format!("{hours} h {minutes} min"),
    }
}

/// As machines read it (ISO 8601): `PT3M7S`.
pub fn iso(seconds: i32) -> String {
    format!("PT{}M{}S", seconds / 60, seconds % 60)
}

#[cfg(test)]
mod tests {
    use super::{clock, in_words, iso};

    #[test]
    fn durations_read_well() {
        assert_eq!((clock(187).as_str(), clock(3723).as_str()), ("3:07", "1:02:03"));
        assert_eq!(
            (
                in_words(2580).as_str(),
                in_words(3723).as_str(),
                in_words(7200).as_str()
            ),
            ("43 min", "1 h 2 min", "2 h")
        );
        assert_eq!(iso(187), "PT3M7S");
    }
}
