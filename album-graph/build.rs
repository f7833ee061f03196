//! Says what to do where the playground's assets have not been built, or a migration has changed.

use std::path::Path;

fn main() {
    let assets = "../assets/dist/playground.rs";
    println!("cargo::rerun-if-changed={assets}");
    println!("cargo::rerun-if-changed=../migrations");
    if !Path::new(assets).exists() {
        println!("cargo::error=the browser assets are missing: run `cargo xtask assets`");
    }
}
