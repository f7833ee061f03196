//! `cargo xtask deploy-test`: deploys the shop on a Swarm and lets things happen to it while it is asked without a pause.

#[path = "../../../album-graph/tests/support/administrator.rs"]
mod administrator;
mod agreement;
mod cluster;
mod docker;
mod events;
mod forward;
mod images;
mod interrupt;
mod load;
mod operator;
mod report;
mod rule;
mod server;
mod stage1;
mod trial;

use std::fs;

use anyhow::{Context, bail};
use clap::Args;

use crate::tools::target_folder;
use trial::Trial;

/// What to test.
#[derive(Args)]
pub struct Options {
    /// Take the images music-store/storefront and music-store/album-graph with this tag in place of building them. The next release,
    /// which needs one more migration, is built from this source all the same.
    #[arg(long, value_name = "TAG")]
    tag: Option<String>,
    /// How many requests to send each second. A database that shares this machine may not keep up with the usual ones.
    #[arg(long, value_name = "N", default_value_t = 200, value_parser = clap::value_parser!(u32).range(1..=1000))]
    rate: u32,
}

/// Deploys, lets everything happen, reports, and leaves nothing behind.
pub fn test(options: &Options) -> anyhow::Result<()> {
    interrupt::listen()?;
    let mut trial = Trial::set_up(options.tag.as_deref(), options.rate)?;
    let done = trial.begin().and_then(|()| events::all(&mut trial));
    let bought = trial.events.last().is_some_and(report::Event::has_buyers);
    let kept = done.is_ok() && bought && trial.events.iter().all(report::Event::is_kept);
    let logs = target_folder().join("deploy-test");
    if !kept {
        trial::keep_logs(&logs)?;
    }
    let table = report::table(&trial.events);
    let file = target_folder().join("deploy-test.md");
    fs::write(&file, &table).with_context(|| format!("cannot write {}", file.display()))?;
    println!("\n{table}\nkept in {}", file.display());
    if trial.server.is_none() {
        println!("\nNot tested on a SQL Server: TEST_DATABASE=sqlserver:FILE names one.");
    }
    done?;
    if !kept {
        bail!(
            "the shop falls short; what its services have logged is in {}",
            logs.display()
        );
    }
    Ok(())
}
