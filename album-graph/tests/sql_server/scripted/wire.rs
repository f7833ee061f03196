//! What goes over the connection: packets, and TLS around them.

use std::io::{self, Read, Write};
use std::sync::Arc;

use rustls::{ServerConfig, ServerConnection};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// The size of the packets sent, which login also makes the client's.
pub const PACKET_SIZE: usize = 4096;
pub const HEADER_SIZE: usize = 8;

/// The packet types that a client sends, and the one that a server answers with.
pub mod packet {
    pub const BATCH: u8 = 0x01;
    pub const RPC: u8 = 0x03;
    pub const ANSWER: u8 = 0x04;
    pub const ATTENTION: u8 = 0x06;
    pub const TRANSACTION: u8 = 0x0e;
    pub const LOGIN: u8 = 0x10;
    pub const PRELOGIN: u8 = 0x12;
}

/// The bytes to and from the client, through TLS once there is TLS.
pub struct Wire {
    pub tcp: TcpStream,
    pub tls: Option<ServerConnection>,
}

impl Wire {
    /// In TDS 7 the handshake goes in prelogin packets, and only what comes after it goes bare.
    pub async fn shake_hands(&mut self, config: &Arc<ServerConfig>, in_packets: bool) -> io::Result<()> {
        let mut tls = ServerConnection::new(Arc::clone(config)).map_err(io::Error::other)?;
        tls.set_buffer_limit(None);
        while tls.is_handshaking() {
            let received = if in_packets {
                self.receive().await?.1
            } else {
                read_some(&mut self.tcp).await?
            };
            decrypt(&mut tls, &received)?;
            let reply = encrypted(&mut tls)?;
            if in_packets && !reply.is_empty() {
                self.tcp.write_all(&packets(packet::PRELOGIN, &reply, true)).await?;
            } else {
                self.tcp.write_all(&reply).await?;
            }
        }
        self.tls = Some(tls);
        Ok(())
    }

    /// A whole message: its type, and the contents of all its packets.
    pub async fn receive(&mut self) -> io::Result<(u8, Vec<u8>)> {
        let mut message = Vec::new();
        loop {
            let mut header = [0; HEADER_SIZE];
            self.read_exact(&mut header).await?;
            let [kind, status, high, low, ..] = header;
            let start = message.len();
            message.resize(start + usize::from(u16::from_be_bytes([high, low])) - HEADER_SIZE, 0);
            self.read_exact(&mut message[start..]).await?;
            if status & 1 == 1 {
                return Ok((kind, message));
            }
        }
    }

    async fn read_exact(&mut self, mut wanted: &mut [u8]) -> io::Result<()> {
        let Some(tls) = &mut self.tls else {
            return self.tcp.read_exact(wanted).await.map(drop);
        };
        while !wanted.is_empty() {
            match tls.reader().read(wanted) {
                Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
                Ok(count) => wanted = &mut wanted[count..],
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    decrypt(tls, &read_some(&mut self.tcp).await?)?;
                }
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    pub async fn send(&mut self, message: &[u8]) -> io::Result<()> {
        self.write(&packets(packet::ANSWER, message, true)).await
    }

    pub async fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        let Some(tls) = &mut self.tls else {
            return self.tcp.write_all(bytes).await;
        };
        tls.writer().write_all(bytes)?;
        self.tcp.write_all(&encrypted(tls)?).await
    }
}

async fn read_some(tcp: &mut TcpStream) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; PACKET_SIZE];
    let count = tcp.read(&mut bytes).await?;
    if count == 0 {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    bytes.truncate(count);
    Ok(bytes)
}

fn decrypt(tls: &mut ServerConnection, mut bytes: &[u8]) -> io::Result<()> {
    while !bytes.is_empty() {
        tls.read_tls(&mut bytes)?;
        tls.process_new_packets().map_err(io::Error::other)?;
    }
    Ok(())
}

fn encrypted(tls: &mut ServerConnection) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    while tls.wants_write() {
        tls.write_tls(&mut bytes)?;
    }
    Ok(bytes)
}

/// A message cut into packets. `whole`: the message ends with these.
pub fn packets(kind: u8, message: &[u8], whole: bool) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut parts = message.chunks(PACKET_SIZE - HEADER_SIZE).enumerate().peekable();
    while let Some((number, part)) = parts.next() {
        let last = whole && parts.peek().is_none();
        let length = u16::try_from(HEADER_SIZE + part.len()).unwrap().to_be_bytes();
        let number = u8::try_from(number % 256).unwrap();
        bytes.extend([kind, u8::from(last), length[0], length[1], 0, 0, number, 0]);
        bytes.extend(part);
    }
    bytes
}
