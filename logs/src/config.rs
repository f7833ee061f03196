//! Every setting of the program; the comments are the text of `--help`.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

/// Forwards what the containers of this machine print to a syslog server, over TLS.
#[derive(Debug, Parser)]
#[command(version)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What the program can do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Forward lines until told to stop
    Ship(Ship),
    /// Ask whether lines are being read: exit code 0 or 1
    Health(State),
}

/// Where the program keeps what it must not forget.
#[derive(Args, Clone, Debug)]
pub struct State {
    /// Folder for the queue of lines and for how far each container was read
    #[arg(long, env = "LOGS_STATE", default_value = "/var/lib/logs", value_name = "FOLDER")]
    pub state: PathBuf,
}

/// The settings.
#[derive(Args, Clone, Debug)]
pub struct Ship {
    /// Where things are kept.
    #[command(flatten)]
    pub state: State,

    /// Secret that says where lines go: `syslog+tls://HOST:PORT`
    #[arg(
        long,
        env = "LOGS_DESTINATION",
        default_value = "/run/secrets/logs_destination",
        value_name = "FILE"
    )]
    pub destination: PathBuf,

    /// Certificates (PEM) of the only authorities that may vouch for the destination; where there is no such file, those that
    /// the image trusts
    #[arg(
        long,
        env = "LOGS_AUTHORITIES",
        default_value = "/run/secrets/logs_ca",
        value_name = "FILE"
    )]
    pub authorities: PathBuf,

    /// Folder in which Docker keeps a folder for each container
    #[arg(
        long,
        env = "LOGS_CONTAINERS",
        default_value = "/var/lib/docker/containers",
        value_name = "FOLDER"
    )]
    pub containers: PathBuf,

    /// Name of this machine
    #[arg(long, env = "LOGS_NODE", value_name = "NAME")]
    pub node: String,

    /// Most MiB of lines that wait for the destination; then Docker's own files are what waits
    #[arg(long = "queue", env = "LOGS_QUEUE", default_value_t = 1024, value_name = "MIB", value_parser = clap::value_parser!(u64).range(1..))]
    pub queue_mib: u64,

    /// What to log: error, warn, info, debug or trace, also per module
    #[arg(long, env = "LOGS_LOG", default_value = "info")]
    pub log: String,
}
