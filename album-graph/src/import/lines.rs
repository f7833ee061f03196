//! Line ends as one kind, so that a line can be named by counting them.

use std::io::{self, BufRead, BufReader, Read};

/// Reads text with every line ended by one line feed, the last one included.
pub(super) struct Lines<R> {
    source: BufReader<R>,
    after_return: bool,
    ended: bool,
}

impl<R: Read> Lines<R> {
    pub fn new(source: R) -> Self {
        Self {
            source: BufReader::with_capacity(64 * 1024, source),
            after_return: false,
            ended: false,
        }
    }
}

impl<R: Read> Read for Lines<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let available = self.source.fill_buf()?;
            let read = available.len().min(buffer.len());
            if read == 0 {
                // A blank line at the end is none to CSV, but a last line without its end could not be counted.
                let ends = !self.ended && !buffer.is_empty();
                self.ended = true;
                buffer.iter_mut().take(usize::from(ends)).for_each(|byte| *byte = b'\n');
                return Ok(usize::from(ends));
            }
            let mut written = 0;
            for byte in &available[..read] {
                let line_feed_of_return = *byte == b'\n' && self.after_return;
                self.after_return = *byte == b'\r';
                if !line_feed_of_return {
                    buffer[written] = if *byte == b'\r' { b'\n' } else { *byte };
                    written += 1;
                }
            }
            self.source.consume(read);
            if written > 0 {
                return Ok(written);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::Lines;

    #[test]
    fn every_line_ends_with_one_line_feed() {
        for (text, lines) in [
            ("a\r\nb\n\nc", "a\nb\n\nc\n"),
            ("a\rb\r", "a\nb\n\n"),
            ("", "\n"),
            ("\r\n\r\n", "\n\n\n"),
        ] {
            let mut read = String::new();
            Lines::new(text.as_bytes()).read_to_string(&mut read).unwrap();
            assert_eq!(read, lines, "{text:?}");
            let mut small = Lines::new(text.as_bytes());
            let bytes: Vec<u8> = std::iter::from_fn(|| {
                let mut byte = [0];
                (small.read(&mut byte).unwrap() == 1).then_some(byte[0])
            })
            .collect();
            assert_eq!(bytes, lines.as_bytes(), "{text:?} byte by byte");
        }
    }
}
