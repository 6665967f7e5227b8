//! Pages: one file each, named noun and action as its template is.

pub mod admin_accounts;
pub mod admin_audit;
pub mod admin_mails;
pub mod admin_settlement;
pub mod budget_edit;
pub mod clicks_change;
pub mod confirm;
pub mod creator_bank;
pub mod creator_change;
pub mod creator_payouts;
pub mod creator_show;
pub mod give_done;
pub mod give_show;
pub mod landing;
pub mod language_set;
pub mod month_show;
pub mod refund_request;
pub mod reset;
pub mod set_up;
pub mod settings;
pub mod settings_sign_in;
pub mod settings_tokens;
pub mod sign_in;
pub mod sign_up;
pub mod wallet_change;
pub mod wallet_show;
