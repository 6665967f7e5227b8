//! Kinds of elements, and the look for one by its accessible name.

use std::sync::Arc;

use serde_json::{Value, json};
use thirtyfour::WebElement;
use thirtyfour::session::handle::SessionHandle;

const SCRIPT: &str = include_str!("find.js");

/// What a person can act on.
#[derive(Clone, Copy)]
pub enum Kind {
    /// A button or a link.
    Press,
    /// Something to fill in, choose or tick.
    Field,
}

impl Kind {
    fn selector(self) -> &'static str {
        match self {
            Self::Press => {
                "button, a[href], summary, input[type=submit], input[type=button], \
                 input[type=image], [role=button], [role=link], [role=tab], [role=menuitem]"
            }
            Self::Field => {
                "input:not([type=hidden], [type=submit], [type=button], [type=image], \
                 [type=reset]), select, textarea, [role=textbox], [role=checkbox], \
                 [role=switch], [role=slider], [role=combobox]"
            }
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::Press => "button or link",
            Self::Field => "field",
        }
    }
}

/// The one element of this kind and name, in the part of the page that speaks of the place; else
/// a sentence with what there is.
pub async fn one(
    session: &Arc<SessionHandle>,
    kind: Kind,
    name: &str,
    place: &str,
) -> Result<WebElement, String> {
    let words = [json!(kind.selector()), json!(plain(name)), json!(plain(place))];
    let answer = session.execute(SCRIPT, words).await.map_err(|error| error.to_string())?;
    let answer = answer.json();
    let found = answer.get("found").and_then(Value::as_array).cloned().unwrap_or_default();
    let what = kind.words();
    let beside = if place.is_empty() { String::new() } else { format!(" beside “{place}”") };
    match found.as_slice() {
        [one] => {
            WebElement::from_json(one.clone(), session.clone()).map_err(|error| error.to_string())
        }
        [] => {
            let others = answer.get("others").map(ToString::to_string).unwrap_or_default();
            Err(format!("no {what} is called “{name}”{beside}; there are: {others}"))
        }
        many => Err(format!("{} of them are called “{name}”{beside}: say `within`", many.len())),
    }
}

/// The text with each run of white space, unbreakable too, as one space.
pub fn plain(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
