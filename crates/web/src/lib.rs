//! HTTP: everything that a browser or a client sees.

pub mod assets;
pub mod chart;
pub mod icons;
pub mod page;
pub mod pictures;
