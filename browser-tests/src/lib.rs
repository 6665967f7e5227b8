//! A real browser before a real instance: what a journey needs to press, type and read as a
//! person does, by role and label. A step that cannot be done stops the test with a sentence.
#![allow(
    clippy::disallowed_methods,
    reason = "tests are told by the environment where the tools are, and speak to this machine"
)]

mod axe;
mod browser;
mod chromedriver;
mod find;
mod gestures;
mod instance;
mod look;
mod recorder;
mod site;
mod surroundings;
mod windows;

pub use browser::Browser;
pub use instance::{Engine, Instance};
pub use look::Look;
pub use site::Site;
