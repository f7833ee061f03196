//! A mail server that does as it is told, and keeps what it got.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// What the server does with a mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It takes it.
    Accept,
    /// It would rather have it later.
    Later,
    /// It says nothing any more.
    Silence,
}

/// Everything that a client said, and the mails among it.
#[derive(Default)]
struct Heard {
    answers: VecDeque<Answer>,
    commands: Vec<String>,
    mails: Vec<String>,
}

/// A mail server on this machine; gone when dropped.
pub struct MailServer {
    pub port: u16,
    heard: Arc<Mutex<Heard>>,
    task: JoinHandle<()>,
}

impl MailServer {
    /// One that answers the first mails so, and accepts all others.
    pub async fn start(answers: &[Answer]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let heard = Arc::new(Mutex::new(Heard {
            answers: answers.iter().copied().collect(),
            ..Heard::default()
        }));
        let hears = Arc::clone(&heard);
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                // The client hangs up when it has heard enough.
                tokio::spawn(talk(stream, Arc::clone(&hears)));
            }
        });
        Self { port, heard, task }
    }

    /// The mails that it took, in their order.
    pub fn mails(&self) -> Vec<String> {
        self.heard.lock().unwrap().mails.clone()
    }

    /// What it was told beside the mails.
    pub fn commands(&self) -> Vec<String> {
        self.heard.lock().unwrap().commands.clone()
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn talk(stream: TcpStream, heard: Arc<Mutex<Heard>>) -> std::io::Result<()> {
    let mut stream = BufReader::new(stream);
    stream.write_all(b"220 ready\r\n").await?;
    let mut line = String::new();
    loop {
        line.clear();
        if stream.read_line(&mut line).await? == 0 {
            return Ok(());
        }
        let command = line.trim_end().to_owned();
        heard.lock().unwrap().commands.push(command.clone());
        let reply = match command.split(' ').next().unwrap_or_default() {
            "EHLO" => "250-mail.example\r\n250-8BITMIME\r\n250 AUTH PLAIN\r\n",
            "AUTH" => "235 welcome\r\n",
            "DATA" => {
                stream.write_all(b"354 go on\r\n").await?;
                let mail = read_mail(&mut stream).await?;
                heard.lock().unwrap().commands.push(".".to_owned());
                let answer = heard.lock().unwrap().answers.pop_front();
                match answer.unwrap_or(Answer::Accept) {
                    Answer::Accept => {
                        heard.lock().unwrap().mails.push(mail);
                        "250 taken\r\n"
                    }
                    Answer::Later => "451 later\r\n",
                    Answer::Silence => std::future::pending().await,
                }
            }
            "QUIT" => "221 bye\r\n",
            _ => "250 ok\r\n",
        };
        stream.write_all(reply.as_bytes()).await?;
    }
}

async fn read_mail(stream: &mut BufReader<TcpStream>) -> std::io::Result<String> {
    let mut mail = String::new();
    loop {
        let start = mail.len();
        if stream.read_line(&mut mail).await? == 0 || &mail[start..] == ".\r\n" {
            mail.truncate(start);
            return Ok(mail);
        }
    }
}
