//! Says what to do where the assets of the playground and the reference have not been built, or a migration has changed.

use std::path::Path;

fn main() {
    println!("cargo::rerun-if-changed=../migrations");
    for assets in ["../assets/dist/playground.rs", "../assets/dist/docs.rs"] {
        println!("cargo::rerun-if-changed={assets}");
        if !Path::new(assets).exists() {
            println!("cargo::error=the browser assets are missing: run `cargo xtask assets`");
        }
    }
}
