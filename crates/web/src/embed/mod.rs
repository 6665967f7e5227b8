//! What other sites show of this instance: buttons. No cookie is read or set, nothing of who looks
//! is kept (B1).

pub mod button;
pub mod drawing;
