//! What other sites show of this instance: buttons and embeddings. No cookie is read or set, and
//! nothing of who looks is kept (B1).

pub mod button;
pub mod drawing;
pub mod oembed;
