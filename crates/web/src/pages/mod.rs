//! Pages: one file each, named noun and action as its template is.

pub mod landing;
pub mod language_set;
