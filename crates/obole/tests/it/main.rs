//! The program as its users run it: exit codes, what goes to which output, the shapes of JSON.
#![allow(clippy::indexing_slicing, reason = "a test that reaches too far fails")]
#![allow(clippy::disallowed_methods, reason = "a test sets the scene for the program")]

mod api;
mod backup;
mod bench;
mod commands;
mod disk;
mod flattr_client;
mod kill;
mod logs;
mod manual;
mod node;
mod nodes;
mod oauth;
mod person;
mod receiver;
mod remote;
mod scene;
mod served;
mod server;
mod serving;
mod world;
