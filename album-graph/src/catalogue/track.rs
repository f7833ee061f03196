//! Tracks of an album, and how a CSV cell spells them.

use super::{Name, Refusal};

/// One track.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Track {
    /// What it is called.
    pub title: String,
    /// How long it plays, in seconds; none when not known.
    pub duration_seconds: Option<i64>,
}

/// Reads `Title (m:ss) | Title (h:mm:ss) | Title`: in playing order, the duration may be missing.
///
/// # Errors
/// When a title is empty or too long, or there are more than 999 tracks.
pub fn parse_tracks(cell: &str) -> Result<Vec<Track>, Refusal> {
    if cell.trim().is_empty() {
        return Ok(Vec::new());
    }
    let tracks: Vec<Track> = cell.split(" | ").map(parse_track).collect::<Result<_, _>>()?;
    if tracks.len() > 999 {
        return Err(Refusal::because("has more than 999 tracks"));
    }
    Ok(tracks)
}

fn parse_track(text: &str) -> Result<Track, Refusal> {
    let text = text.trim();
    let timed = text.strip_suffix(')').and_then(|rest| rest.rsplit_once(" ("));
    let timed = timed.and_then(|(title, time)| Some((title, seconds(time)?)));
    let (title, duration_seconds) = timed.map_or((text, None), |(title, seconds)| (title, Some(seconds)));
    let title =
        Name::<1, 240>::parse(title).map_err(|refusal| Refusal::because(format!("a track's title {refusal}")))?;
    Ok(Track {
        title: title.as_str().to_owned(),
        duration_seconds,
    })
}

/// `m:ss` or `h:mm:ss`, more than zero.
fn seconds(time: &str) -> Option<i64> {
    let mut fields = time.split(':');
    let first: i64 = number(fields.next()?)?;
    let rest: Vec<i64> = fields
        .map(|field| number(field).filter(|n| field.len() == 2 && *n < 60))
        .collect::<Option<_>>()?;
    let total = rest.iter().fold(first, |total, field| total * 60 + field);
    (matches!(rest.len(), 1 | 2) && total > 0).then_some(total)
}

fn number(field: &str) -> Option<i64> {
    let digits = (1..=3).contains(&field.len()) && field.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| field.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::parse_tracks;

    fn read(cell: &str) -> Vec<(String, Option<i64>)> {
        let tracks = parse_tracks(cell).unwrap();
        tracks
            .into_iter()
            .map(|track| (track.title, track.duration_seconds))
            .collect()
    }

    #[test]
    fn tracks_are_read_with_their_durations() {
        let tracks = read("Speak to Me (1:07) | Breathe (In the Air) | Echoes (23:31) | Ring (1:02:03)");
        let expected = [
            ("Speak to Me", Some(67)),
            ("Breathe (In the Air)", None),
            ("Echoes", Some(1411)),
            ("Ring", Some(3723)),
        ];
        assert_eq!(tracks, expected.map(|(title, duration)| (title.to_owned(), duration)));
        assert!(read("  ").is_empty());
    }

    #[test]
    fn what_only_looks_like_a_duration_stays_in_the_title() {
        for title in ["Bach (1:99)", "1999 (0:00)", "Psalm (12345:00)", "Odd (::)"] {
            assert_eq!(read(title), [(title.to_owned(), None)]);
        }
    }

    #[test]
    fn a_track_without_a_title_is_refused() {
        assert!(parse_tracks("One |  | Three").is_err());
        assert!(parse_tracks(&vec!["x"; 1000].join(" | ")).is_err());
    }
}
