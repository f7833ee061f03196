//! A way for TCP connections that can be led elsewhere, and cut.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Runtime;

/// The way; closed when dropped.
pub struct Forward {
    _runtime: Runtime,
    leads_to: Arc<Mutex<Vec<SocketAddr>>>,
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
        let leads_to = Arc::<Mutex<Vec<SocketAddr>>>::default();
        let targets = Arc::clone(&leads_to);
        runtime.spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let targets = targets.lock().unwrap_or_else(PoisonError::into_inner).clone();
                tokio::spawn(connect(client, targets));
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

    /// Says where it leads from now on: to the first of these that lets anybody in.
    pub fn lead_to(&self, targets: Vec<SocketAddr>) {
        *self.leads_to.lock().unwrap_or_else(PoisonError::into_inner) = targets;
    }
}

async fn connect(mut client: TcpStream, targets: Vec<SocketAddr>) {
    for target in targets {
        if let Ok(mut server) = TcpStream::connect(target).await {
            let _ = copy_bidirectional(&mut client, &mut server).await;
            return;
        }
    }
}
