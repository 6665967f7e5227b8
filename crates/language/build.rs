//! Rebuilds the crate when a locale file appears, changes or goes: they are embedded.

fn main() {
    println!("cargo::rerun-if-changed=locales");
}
