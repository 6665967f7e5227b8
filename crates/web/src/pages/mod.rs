//! Pages: one file each, named noun and action as its template is.

pub mod admin_audit;
pub mod admin_settlement;
pub mod clicks_change;
pub mod give_done;
pub mod give_show;
pub mod landing;
pub mod language_set;
pub mod month_show;
