//! The images that are deployed: those of this source, their next releases, and two that are broken.

use std::path::Path;
use std::process::Command;

use anyhow::Context;

use super::cluster::Cluster;
use super::docker::{docker, output};
use super::interrupt::run_well;
use crate::tools::root;

/// The tag of what is built from this source.
pub const RELEASE: &str = "deploy-test";
/// The tag of the same programs in other images.
pub const REBUILT: &str = "deploy-test-rebuilt";
/// The tag of programs that need one more migration.
pub const NEXT: &str = "deploy-test-next";
/// The tag of a storefront that never gets healthy, with an album-graph that does.
pub const BROKEN: &str = "deploy-test-broken";
/// The tag of an album-graph that ends at once.
pub const ENDING: &str = "deploy-test-ending";

/// Where the programs are compiled.
const WORKSHOP: &str = "music-store/workshop:deploy-test";
/// What the next release does to the database: expands it.
const MIGRATION: &str = include_str!("next_release.sql");
/// Starts, but listens where nobody asks for its health.
const UNHEALTHY: &str = r#"ENTRYPOINT ["/storefront", "--listen", "127.0.0.1:3999"]"#;
/// Ends at once, for there is no such setting.
const ENDS: &str = r#"ENTRYPOINT ["/album-graph", "--no-such-setting"]"#;

/// The name of a program's image.
pub fn name(program: &str, tag: &str) -> String {
    format!("music-store/{program}:{tag}")
}

/// Builds all of them, or takes those with the tag `given` as the release. `BUILD_OPTIONS` are further options of `docker build`, as
/// for docker/build.sh.
pub fn build(cluster: &mut Cluster, given: Option<&str>) -> anyhow::Result<()> {
    println!("building the images, which takes ten minutes the first time");
    for tag in [RELEASE, REBUILT, NEXT, BROKEN] {
        cluster.owns(&name("storefront", tag));
        cluster.owns(&name("album-graph", tag));
    }
    cluster.owns(&name("album-graph", ENDING));
    cluster.owns(WORKSHOP);
    match given {
        Some(tag) => {
            for program in ["album-graph", "storefront"] {
                output(&["tag", &name(program, tag), &name(program, RELEASE)])?;
            }
        }
        None => run_well(Command::new(root().join("docker/build.sh")).env("TAG", RELEASE)).map(drop)?,
    }
    build_stage()?;
    for program in ["album-graph", "storefront"] {
        derive(program, REBUILT, r#"LABEL music-store.release="rebuilt""#)?;
    }
    derive("storefront", BROKEN, UNHEALTHY)?;
    derive("album-graph", BROKEN, r#"LABEL music-store.release="broken""#)?;
    derive("album-graph", ENDING, ENDS)?;
    derive("storefront", NEXT, r#"LABEL music-store.release="next""#)?;
    build_next().context("the next release cannot be built")
}

/// Keeps the stage in which the programs are compiled, all of whose layers are there by now: for the same revision.
fn build_stage() -> anyhow::Result<()> {
    let release = name("album-graph", RELEASE);
    let label = "{{index .Config.Labels \"org.opencontainers.image.revision\"}}";
    let revision = output(&["image", "inspect", "--format", label, &release])?;
    let mut build = docker(&["build"]);
    build.args(options()).args([
        "--build-arg",
        &format!("REVISION={}", revision.trim()),
        "--file",
        "docker/Dockerfile",
        "--target",
        "programs",
        "--tag",
        WORKSHOP,
        ".",
    ]);
    run_well(build.current_dir(root())).map(drop)
}

/// An image that differs from the release in one line.
fn derive(program: &str, tag: &str, line: &str) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    build_in(
        folder.path(),
        &format!("FROM {}\n{line}\n", name(program, RELEASE)),
        &name(program, tag),
    )
}

/// The next release of album-graph, compiled with one more migration.
fn build_next() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    for database in ["sqlite", "sqlserver"] {
        let migrations = folder.path().join("migrations").join(database);
        std::fs::create_dir_all(&migrations)?;
        std::fs::write(migrations.join("9999_next_release.sql"), MIGRATION)?;
    }
    let file = format!(
        "FROM {WORKSHOP} AS next\n\
         COPY migrations migrations\n\
         RUN touch album-graph/build.rs album-graph/src/lib.rs album-graph/src/store/migrations.rs \\\n\
         \x20   && cargo auditable build --locked --release --target \"$(rustc --print host-tuple)\" --package album-graph --bins \\\n\
         \x20   && mv target/*/release/album-graph /album-graph\n\
         FROM {}\n\
         COPY --from=next /album-graph /album-graph\n",
        name("album-graph", RELEASE)
    );
    build_in(folder.path(), &file, &name("album-graph", NEXT))
}

fn build_in(folder: &Path, file: &str, name: &str) -> anyhow::Result<()> {
    std::fs::write(folder.join("Dockerfile"), file)?;
    let mut build = docker(&["build"]);
    build.args(options()).args(["--tag", name]).arg(folder);
    run_well(&mut build).map(drop)
}

fn options() -> Vec<String> {
    let options = std::env::var("BUILD_OPTIONS").unwrap_or_default();
    options.split_whitespace().map(ToOwned::to_owned).collect()
}
