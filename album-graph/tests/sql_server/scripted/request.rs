//! What a client asks for.

use super::wire::packet;
use super::{Event, Login};

/// What a message of the client asks for.
pub fn parse(kind: u8, message: &[u8]) -> Event {
    let mut reader = Reader(message);
    match kind {
        packet::LOGIN => Event::Login(parse_login(message)),
        packet::ATTENTION => Event::Attention,
        packet::BATCH => {
            reader.skip_headers();
            Event::Statement(utf16(reader.0))
        }
        packet::RPC => {
            reader.skip_headers();
            Event::Statement(reader.procedure())
        }
        packet::TRANSACTION => {
            reader.skip_headers();
            match reader.u16() {
                5 => Event::Begin,
                7 => Event::Commit,
                _ => Event::Unknown(kind),
            }
        }
        _ => Event::Unknown(kind),
    }
}

fn parse_login(message: &[u8]) -> Login {
    // Each text is told by where it starts, in bytes, and by its length, in characters.
    let bytes = |at: usize| {
        let mut place = Reader(&message[at..]);
        let start = usize::from(place.u16());
        &message[start..start + 2 * usize::from(place.u16())]
    };
    let password: Vec<u8> = bytes(44).iter().map(|byte| (byte ^ 0xa5).rotate_left(4)).collect();
    Login {
        user: utf16(bytes(40)),
        password: utf16(&password),
        application: utf16(bytes(48)),
        database: utf16(bytes(68)),
    }
}

fn utf16(bytes: &[u8]) -> String {
    let pairs = bytes.chunks_exact(2);
    let units: Vec<u16> = pairs.map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect();
    String::from_utf16(&units).unwrap()
}

/// Reads a message from its start. A message that is too short panics, which ends the connection.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, count: usize) -> &'a [u8] {
        self.0.split_off(..count).unwrap()
    }

    fn u16(&mut self) -> u16 {
        u16::from_le_bytes(self.take(2).try_into().unwrap())
    }

    fn u32(&mut self) -> u32 {
        u32::from_le_bytes(self.take(4).try_into().unwrap())
    }

    fn skip_headers(&mut self) {
        let length = self.u32();
        self.take(usize::try_from(length).unwrap() - 4);
    }

    /// The statement of an `sp_executesql`, its first parameter, or the name of the procedure.
    fn procedure(&mut self) -> String {
        let name = self.u16();
        if name != u16::MAX {
            return utf16(self.take(2 * usize::from(name)));
        }
        assert_eq!(self.u16(), 10, "sp_executesql is the one procedure known by number");
        let _options = self.u16();
        let name = self.take(1)[0];
        let _name = self.take(2 * usize::from(name));
        let _status = self.take(1);
        assert_eq!(self.take(1), [0xe7], "the statement is an NVARCHAR");
        let longest = self.u16();
        let _collation = self.take(5);
        if longest != u16::MAX {
            let length = self.u16();
            return utf16(self.take(usize::from(length)));
        }
        // An NVARCHAR(MAX) comes in parts, up to an empty part.
        let _whole_length = self.take(8);
        let mut text = Vec::new();
        loop {
            let length = usize::try_from(self.u32()).unwrap();
            if length == 0 {
                return utf16(&text);
            }
            text.extend(self.take(length));
        }
    }
}
