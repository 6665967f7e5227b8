//! What tests of fetching need, here and in the crates above: a name server that says what it is
//! told, sites that misbehave, and traps beside them, all over real sockets.

mod dns;
mod knot;
mod sites;

pub use dns::{Dns, Says, addresses};
pub use knot::{BROKEN, Knot, PLAIN, SIGNED};
pub use sites::{ALLOWED, Answers, Request, Sites, answer};
