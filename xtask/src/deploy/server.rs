//! A database on the SQL Server that `TEST_DATABASE` names, reached by a way that can be cut.

use std::fs;
use std::net::{IpAddr, SocketAddr, ToSocketAddrs as _};
use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context;
use tiberius::Config;

use super::administrator::Administrator;
use super::forward::Forward;
use super::interrupt::{self, wait_until};
use super::trial::WELL;

/// What the names of the database and its logins begin with.
const PREFIX: &str = "album_graph_deploy_test_";
const NEW_PASSWORD: &str = "Utsrq-7-Ponml";

/// The database; dropped with its logins in the end.
pub struct Server {
    administrator: Administrator,
    database: String,
    address: SocketAddr,
    host: String,
    way: Forward,
    /// Who vouches for the server's certificate, where none of the public authorities does.
    pub authority: Option<PathBuf>,
}

impl Server {
    /// Makes a database that containers reach at `gateway`; none where the test keeps its data in a file.
    pub fn of_tests(gateway: IpAddr) -> anyhow::Result<Option<Self>> {
        let Some(administrator) = Administrator::of_tests(PREFIX)? else {
            return Ok(None);
        };
        let address = Config::from_ado_string(&administrator.connection_string)?.get_addr();
        let host = address.rsplit_once(':').map_or(&*address, |(host, _)| host).to_owned();
        let address = address
            .to_socket_addrs()?
            .next()
            .with_context(|| format!("{host} has no address"))?;
        let server = Self {
            administrator,
            database: format!("{PREFIX}{}", std::process::id()),
            address,
            host,
            way: Forward::open(SocketAddr::new(gateway, 0))?,
            authority: std::env::var_os("TEST_DATABASE_CA").map(PathBuf::from),
        };
        server.come_back();
        server.administrator.make_logins()?;
        server.administrator.make_database(&server.database)?;
        Ok(Some(server))
    }

    /// The connection string of a login, `serve` or `migrate`, for the shop: with a certificate that is checked.
    pub fn string_of(&self, login: &str) -> String {
        format!(
            "HostNameInCertificate={};{};Server=tcp:{},{};Encrypt=True;TrustServerCertificate=False",
            self.host,
            self.administrator.string_of(login, &self.database),
            self.way.listen().ip(),
            self.way.listen().port()
        )
    }

    /// Gives `serve` another password, for which `rotate` is told its new connection string and the command that changes it.
    pub fn rotate(&self, rotate: impl FnOnce(&str, &str) -> anyhow::Result<()>) -> anyhow::Result<()> {
        let folder = tempfile::tempdir()?;
        let [asked, changed] = ["asked", "changed"].map(|name| folder.path().join(name));
        let command = format!(
            "touch {} && timeout 60 bash -c 'until [ -e {} ]; do sleep 0.1; done'",
            asked.display(),
            changed.display()
        );
        std::thread::scope(|scope| {
            let changing = scope.spawn(|| {
                wait_until("the new password is not asked for", WELL, || Ok(asked.exists()))?;
                let change = format!("ALTER LOGIN {PREFIX}serve WITH PASSWORD = N'{NEW_PASSWORD}'");
                self.administrator.run("master", &change)?;
                Ok(fs::write(&changed, "")?)
            });
            let string = format!("{};Password={NEW_PASSWORD}", self.string_of("serve"));
            let rotated = rotate(&string, &command);
            let changed = changing.join().map_err(|_| anyhow::anyhow!("a thread panicked"))?;
            rotated.and(changed)
        })
    }

    /// Is out of reach for a while.
    pub fn be_away(&self, time: Duration) -> anyhow::Result<()> {
        self.way.lead_to(Vec::new());
        let slept = interrupt::sleep(time);
        self.come_back();
        slept
    }

    fn come_back(&self) {
        self.way.lead_to(vec![self.address]);
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let statements = [
            format!("DROP DATABASE {}", self.database),
            format!("DROP LOGIN {PREFIX}serve"),
            format!("DROP LOGIN {PREFIX}migrate"),
        ];
        for statement in statements {
            if let Err(error) = self.administrator.run("master", &statement) {
                eprintln!("  left behind: {error:#}");
            }
        }
    }
}
