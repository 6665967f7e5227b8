//! The doors against the real thing: a mail server that speaks SMTP, sites and a name server over
//! sockets, the schema of the bank file.
#![allow(clippy::disallowed_methods, reason = "a test is told of the schemas by the environment")]

mod fetch;
mod pain001;
mod proofs;
mod receiver;
mod smtp;
