//! HTTP: everything that a browser or a client sees.

pub mod address;
pub mod answer;
pub mod api;
pub mod assets;
pub mod chart;
pub mod connections;
pub mod cookies;
pub mod csrf;
pub mod discovery;
pub mod embed;
pub mod enter;
pub mod feeds;
pub mod form;
pub mod frame;
pub mod front;
pub mod headers;
pub mod icons;
pub mod measures;
pub mod money_form;
pub mod movements;
pub mod page;
pub mod pages;
pub mod pictures;
pub mod plain;
pub mod preview;
pub mod problem;
pub mod routes;
pub mod server;
pub mod tabs;
pub mod tagged;
pub mod visitor;
pub mod words;

pub use connections::serve;
pub use routes::router;
