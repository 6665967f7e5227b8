//! Pages: one file each, named noun and action as its template is.

pub mod admin_audit;
pub mod admin_settlement;
pub mod clicks_change;
pub mod give_done;
pub mod give_show;
pub mod how_show;
pub mod landing;
pub mod language_set;
pub mod month_show;
pub mod profile_show;
pub mod settlements_show;
pub mod statements_show;
pub mod work_show;
pub mod works_list;
