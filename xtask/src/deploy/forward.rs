//! A way for TCP connections that can be led elsewhere, and cut.

use std::net::SocketAddr;

use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Runtime;
use tokio::sync::watch;

/// The way; closed when dropped.
pub struct Forward {
    _runtime: Runtime,
    leads_to: watch::Sender<Vec<SocketAddr>>,
    listen: SocketAddr,
}

impl Forward {
    /// Opens one that leads nowhere yet.
    pub fn open(listen: SocketAddr) -> anyhow::Result<Self> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()?;
        let listener = runtime.block_on(TcpListener::bind(listen))?;
        let listen = listener.local_addr()?;
        let (leads_to, targets) = watch::channel(Vec::new());
        runtime.spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(connect(client, targets.clone()));
            }
        });
        Ok(Self {
            _runtime: runtime,
            leads_to,
            listen,
        })
    }

    /// Where it begins.
    pub fn listen(&self) -> SocketAddr {
        self.listen
    }

    /// Says where it leads from now on: to the first of these that lets anybody in. Where there is none, what is connected is cut.
    pub fn lead_to(&self, targets: Vec<SocketAddr>) {
        self.leads_to.send_replace(targets);
    }
}

async fn connect(mut client: TcpStream, mut targets: watch::Receiver<Vec<SocketAddr>>) {
    let first = targets.borrow_and_update().clone();
    for target in first {
        if let Ok(mut server) = TcpStream::connect(target).await {
            tokio::select! {
                _ = copy_bidirectional(&mut client, &mut server) => {}
                _ = targets.wait_for(Vec::is_empty) => {}
            }
            return;
        }
    }
}
