//! The environment: the only place of the product that reads it.

/// The variables that are text; others cannot be ours.
#[expect(clippy::disallowed_methods, reason = "this is the one place where it is read")]
pub fn variables() -> Vec<(String, String)> {
    let texts = std::env::vars_os()
        .map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
    texts.flatten().collect()
}

/// A variable's value; none where it is not set or empty.
pub fn variable(name: &str) -> Option<String> {
    let found = variables().into_iter().find(|(known, _)| known == name);
    found.map(|(_, value)| value).filter(|value| !value.is_empty())
}
