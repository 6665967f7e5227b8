//! A click that a signed-out visitor made is kept while they sign in or up: it travels in the
//! address that they come back to, with a seal, so that no link of others can put a note in
//! anybody's mouth.

use obole_app::App;
use obole_app::secrets::hex;
use subtle::ConstantTimeEq as _;

use crate::address::{PATH_MAX, with_query};
use crate::form::Form;

/// The fields of a click that are kept.
const FIELDS: [&str; 5] = ["url", "points", "other", "title", "note"];

/// Where to go to sign in, or up, and come back to the click; none where the words are too many
/// for an address.
pub fn way_in(app: &App, form: &Form) -> Option<String> {
    let seal = seal(app, form);
    let kept = FIELDS.map(|name| (name, form.text(name)));
    let kept: Vec<_> = kept.into_iter().chain([("kept", seal.as_str())]).collect();
    let back = with_query("/give", &kept);
    let door = if form.text("enter") == "sign-up" { "/sign-up" } else { "/sign-in" };
    (back.len() <= PATH_MAX).then(|| with_query(door, &[("back", &back)]))
}

/// Whether the fields of an address are those of a click that was kept here.
pub fn is_kept(app: &App, query: &Form) -> bool {
    seal(app, query).as_bytes().ct_eq(query.text("kept").as_bytes()).into()
}

fn seal(app: &App, form: &Form) -> String {
    let fields = FIELDS.map(|name| form.text(name)).join("\n");
    let mac = app.secrets().mac("kept click", fields.as_bytes());
    hex(&mac[..16])
}
