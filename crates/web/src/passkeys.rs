//! What pages that ask for a passkey have in common: where passkeys work, the question that the
//! page's script fetches, and the answer that its form sends.

use axum::Json;
use axum::http::header::CACHE_CONTROL;
use axum::response::IntoResponse as _;
use obole_app::passkeys::{Answered, Question};
use obole_app::relying_party::{self, Place};

use crate::answer::Answer;
use crate::form::Form;
use crate::visitor::Visitor;

/// Where passkeys work, for the part `parts/passkey.html`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// Whether they do at the address that the reader opened.
    pub is_here: bool,
    /// The address of this instance where they do instead; empty where they do nowhere.
    pub elsewhere: String,
}

/// Where passkeys work for who asks.
#[must_use]
pub fn offer(visitor: &Visitor) -> Offer {
    match relying_party::place(visitor.app.config(), &visitor.host) {
        Place::Here => Offer { is_here: true, elsewhere: String::new() },
        Place::Elsewhere(address) => Offer { is_here: false, elsewhere: address },
        Place::Nowhere => Offer { is_here: false, elsewhere: String::new() },
    }
}

/// A question for the page's script.
pub fn question(question: Question) -> Answer {
    Ok(([(CACHE_CONTROL, "no-store")], Json(question)).into_response())
}

/// The answer that a form carries.
#[must_use]
pub fn answered(form: &Form) -> Answered {
    Answered {
        challenge: form.text("challenge").to_owned(),
        credential: form.text("credential").to_owned(),
    }
}
