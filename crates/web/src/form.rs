//! Forms as browsers send them: read field by field, each problem beside its field, and what was
//! typed comes back (E1). Nothing that is sent makes a 500.

use std::collections::BTreeMap;
use std::time::Duration;

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{FromRequest, FromRequestParts as _};
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use axum::http::request::Parts;
use axum::http::{Request, StatusCode};
use obole_app::{App, Error, IdempotencyKey, Said};
use obole_domain::{Currency, Money, Note, Refusal, note};
use obole_language::Language;

use crate::problem::{Problem, said};
use crate::visitor::Visitor;

/// The longest form, in bytes (security.md section 12).
pub const BODY_MAX: usize = 64 * 1024;

/// How long a form, or a body of a program, may take: less than the answer, so that it can say so.
pub(crate) const BODY_WAIT: Duration = Duration::from_secs(25);

/// More fields than any form has.
pub(crate) const FIELDS_MAX: usize = 500;

/// The most characters of a reason.
pub const REASON_MAX: usize = Note::LENGTH_MAX;

/// A form that was sent by a page of this instance. The extractor has checked its token (W2).
#[derive(Debug)]
pub struct Form {
    fields: Vec<(String, Option<String>)>,
    problems: Vec<(String, Said)>,
    /// Method and path: with the fields, what an idempotency key stands for (K2).
    target: String,
    language: Language,
}

impl Form {
    /// Reads `name=value&…`. A value that is not UTF-8 is none.
    fn parse(text: &[u8], target: String, language: Language) -> Self {
        let pairs = text.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty());
        let fields = pairs.take(FIELDS_MAX).map(|pair| {
            let cut = pair.iter().position(|byte| *byte == b'=').unwrap_or(pair.len());
            let (name, value) = pair.split_at(cut);
            let value = value.strip_prefix(b"=").unwrap_or(value);
            (decode(name).unwrap_or_default(), decode(value))
        });
        Self::of_fields(fields.collect(), target, language)
    }

    /// A form of fields that were read elsewhere; a value that is no text is none.
    pub(crate) const fn of_fields(
        fields: Vec<(String, Option<String>)>,
        target: String,
        language: Language,
    ) -> Self {
        Self { fields, problems: Vec::new(), target, language }
    }

    /// The query of an address, read the same way.
    #[must_use]
    pub fn of_query(parts: &Parts, language: Language) -> Self {
        Self::of_text(parts.uri.query().unwrap_or_default(), language)
    }

    /// The same of a query that was taken from its address.
    #[must_use]
    pub fn of_text(query: &str, language: Language) -> Self {
        Self::parse(query.as_bytes(), String::new(), language)
    }

    /// A field as it was typed; empty where it is missing, repeated or broken.
    #[must_use]
    pub fn text(&self, name: &str) -> &str {
        let mut found = self.fields.iter().filter(|(found, _)| found == name);
        let first = found.next().and_then(|(_, value)| value.as_deref());
        if found.next().is_some() { "" } else { first.unwrap_or_default() }
    }

    /// Puts in the place of what was typed what it stands for.
    pub fn replace(&mut self, name: &str, text: &str) {
        for (_, value) in self.fields.iter_mut().filter(|(found, _)| found == name) {
            *value = Some(text.to_owned());
        }
    }

    /// The values of a field that may stand several times, such as boxes to tick.
    pub fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        let found = self.fields.iter().filter(move |(found, _)| found == name);
        found.filter_map(|(_, value)| value.as_deref())
    }

    /// All fields in their order, without those that are no text.
    pub(crate) fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        let texts = self.fields.iter();
        texts.filter_map(|(name, value)| Some((name.as_str(), value.as_deref()?)))
    }

    /// Whether a field was sent at all.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.fields.iter().any(|(found, _)| found == name)
    }

    /// Whether a box was ticked.
    #[must_use]
    pub fn is_checked(&self, name: &str) -> bool {
        self.text(name) == "yes"
    }

    /// Whether a field was sent and cannot be read.
    fn is_broken(&self, name: &str) -> bool {
        let mut found = self.fields.iter().filter(|(found, _)| found == name);
        let first = found.next();
        found.next().is_some() || first.is_some_and(|(_, value)| value.is_none())
    }

    /// Reads a field; a refusal is noted beside it and nothing is given.
    pub fn read<T>(
        &mut self,
        name: &str,
        parse: impl FnOnce(&str) -> Result<T, Refusal>,
    ) -> Option<T> {
        let read =
            if self.is_broken(name) { Err(Refusal::NotText {}) } else { parse(self.text(name)) };
        read.map_err(|refusal| self.refuse(name, &refusal)).ok()
    }

    /// Reads why somebody does something: never nothing.
    pub fn reason(&mut self) -> Option<String> {
        self.read("reason", note::reason)
    }

    /// Reads a password, as it was typed.
    pub fn password(&mut self, name: &str) -> Option<String> {
        self.read(name, |typed| match typed {
            "" => Err(Refusal::Missing {}),
            typed => Ok(typed.to_owned()),
        })
    }

    /// Reads an amount as the reader's language writes it.
    pub fn money(&mut self, name: &str, currency: Currency) -> Option<Money> {
        let language = self.language;
        let read = |typed: &str| obole_language::parse_amount(language, typed, currency);
        self.read(name, read).map(|amount| Money::new(amount, currency))
    }

    /// Notes a refusal beside a field.
    pub fn refuse(&mut self, name: &str, refusal: &Refusal) {
        self.problems.push((name.to_owned(), Said::from(refusal)));
    }

    /// Notes what a command refused beside the field that it is about, so that the form can come
    /// back. What a form cannot help goes on as a problem of its own page.
    pub fn refused(&mut self, error: Error) -> Result<(), Problem> {
        match error {
            Error::Refused(said) => {
                let problem = Problem::from(said.clone());
                if problem.status != StatusCode::UNPROCESSABLE_ENTITY {
                    return Err(problem);
                }
                self.problems.push((said.field.clone(), said));
                Ok(())
            }
            other => Err(other.into()),
        }
    }

    /// The same beside a field of another name, for a refusal that names none.
    pub fn refused_at(&mut self, field: &str, error: Error) -> Result<(), Problem> {
        self.refused(error)?;
        if let Some((name, _)) = self.problems.last_mut().filter(|(name, _)| name.is_empty()) {
            field.clone_into(name);
        }
        Ok(())
    }

    /// The same refusals, about the whole: for a page whose own form has other fields.
    #[must_use]
    pub fn without_fields(mut self) -> Self {
        self.fields.clear();
        self.problems.iter_mut().for_each(|(field, _)| field.clear());
        self
    }

    /// The language in which its refusals are told.
    #[must_use]
    pub const fn language(&self) -> Language {
        self.language
    }

    /// Whether nothing has been refused so far.
    #[must_use]
    pub const fn is_well(&self) -> bool {
        self.problems.is_empty()
    }

    /// The key under which the form is done once (K1): its hidden `op`.
    pub fn key(&self) -> Result<IdempotencyKey, Problem> {
        let op = self.text("op");
        let is_uuid = op.len() == 36 && uuid::Uuid::try_parse(op).is_ok();
        let mut request = self.target.clone();
        for (name, value) in self.fields.iter().filter(|(name, _)| name != "csrf") {
            let value = value.as_deref().unwrap_or_default();
            request.push_str(&format!("\n{}:{name}={}:{value}", name.len(), value.len()));
        }
        let key = IdempotencyKey::new(op, request.as_bytes()).filter(|_| is_uuid);
        key.ok_or_else(Problem::operation_missing)
    }

    /// What the form shows when it comes back. A field named `password…` never does.
    #[must_use]
    pub fn filled(&self) -> Filled {
        let is_shown = |name: &str| !name.starts_with("password") && name != "csrf" && name != "op";
        let values = self.fields.iter().filter(|(name, _)| is_shown(name));
        let values = values.filter_map(|(name, value)| Some((name.clone(), value.clone()?)));
        let mut filled = Filled { values: values.collect(), ..Filled::default() };
        for (name, problem) in &self.problems {
            let sentence = said(self.language, &problem.code, &problem.values);
            filled.problems.entry(name.clone()).or_insert(sentence);
        }
        filled
    }
}

/// What a form shows: the values of its fields and the sentence beside each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filled {
    values: BTreeMap<String, String>,
    problems: BTreeMap<String, String>,
}

impl Filled {
    /// A form as it is first shown, with values to begin with.
    #[must_use]
    pub fn new<const COUNT: usize>(values: [(&str, String); COUNT]) -> Self {
        let values = values.into_iter().map(|(name, value)| (name.to_owned(), value));
        Self { values: values.collect(), problems: BTreeMap::new() }
    }

    /// What a page shows of one of its many like forms, which a hidden field tells apart: what came
    /// back where it is that one, else an empty form.
    #[must_use]
    pub fn only(&self, field: &str, id: &(impl ToString + ?Sized)) -> &Self {
        static EMPTY: Filled = Filled { values: BTreeMap::new(), problems: BTreeMap::new() };
        if self.value(field) == id.to_string() { self } else { &EMPTY }
    }

    /// What stands in a field.
    #[must_use]
    pub fn value(&self, name: &str) -> &str {
        self.values.get(name).map_or("", String::as_str)
    }

    /// Whether a box is ticked.
    #[must_use]
    pub fn is_checked(&self, name: &str) -> bool {
        self.value(name) == "yes"
    }

    /// The sentence beside a field; empty where there is none.
    #[must_use]
    pub fn error(&self, name: &str) -> &str {
        self.problems.get(name).map_or("", String::as_str)
    }

    /// Whether the form comes back because something was refused.
    #[must_use]
    pub fn is_refused(&self) -> bool {
        !self.problems.is_empty()
    }

    /// The sentences that belong to none of the form's own fields: they stand above it.
    #[must_use]
    pub fn others(&self, fields: &[&str]) -> Vec<&str> {
        let outside = self.problems.iter().filter(|(name, _)| !fields.contains(&name.as_str()));
        outside.map(|(_, sentence)| sentence.as_str()).collect()
    }
}

/// Undoes `+` and `%XX`; none where the bytes are not UTF-8 or hold a zero.
fn decode(text: &[u8]) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.iter();
    while let Some(byte) = rest.next() {
        let escaped = (*byte == b'%').then(|| rest.as_slice().get(..2)).flatten();
        let escaped = escaped.filter(|digits| digits.iter().all(u8::is_ascii_hexdigit));
        let escaped = escaped.and_then(|digits| std::str::from_utf8(digits).ok());
        match escaped.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(value) => {
                bytes.push(value);
                rest.nth(1);
            }
            None => bytes.push(if *byte == b'+' { b' ' } else { *byte }),
        }
    }
    String::from_utf8(bytes).ok().filter(|text| !text.contains('\0'))
}

/// The form of a page that is one for all who are signed out, which can carry no token: the
/// browser's word that it comes from a page of this instance is enough, as nothing is done in
/// anybody's name. With a sign-in the token is asked for like anywhere (W2).
#[derive(Debug)]
pub struct FormForAll(pub Form);

impl FromRequest<App> for FormForAll {
    type Rejection = Problem;

    async fn from_request(request: Request<Body>, app: &App) -> Result<Self, Problem> {
        let (form, visitor) = Form::unproved(request, app).await?;
        let is_ours = visitor.session.is_none() || visitor.has_token(form.text("csrf"));
        if is_ours { Ok(Self(form)) } else { Err(Problem::foreign_form()) }
    }
}

impl FromRequest<App> for Form {
    type Rejection = Problem;

    async fn from_request(request: Request<Body>, app: &App) -> Result<Self, Problem> {
        let (form, visitor) = Self::unproved(request, app).await?;
        if visitor.has_token(form.text("csrf")) { Ok(form) } else { Err(Problem::foreign_form()) }
    }
}

impl Form {
    /// Reads a form whose token has not been looked at.
    async fn unproved(request: Request<Body>, app: &App) -> Result<(Self, Visitor), Problem> {
        let (mut parts, body) = request.into_parts();
        let visitor = Visitor::from_request_parts(&mut parts, app).await?;
        let text = |name| parts.headers.get(name).and_then(|value| value.to_str().ok());
        let kind = text(CONTENT_TYPE).unwrap_or_default().split(';').next().unwrap_or_default();
        if !kind.trim().eq_ignore_ascii_case("application/x-www-form-urlencoded") {
            return Err(Problem::of_status(StatusCode::UNSUPPORTED_MEDIA_TYPE));
        }
        let bytes = read_body(&parts, body, BODY_MAX).await?;
        let target = format!("{} {}", parts.method, parts.uri.path());
        Ok((Self::parse(&bytes, target, visitor.language), visitor))
    }
}

/// A body whole, if it is not too long and does not take too long.
pub(crate) async fn read_body(parts: &Parts, body: Body, most: usize) -> Result<Bytes, Problem> {
    let too_large = || Problem::of_status(StatusCode::PAYLOAD_TOO_LARGE);
    let announced = parts.headers.get(CONTENT_LENGTH).and_then(|value| value.to_str().ok());
    let announced = announced.and_then(|length| length.parse::<usize>().ok());
    if announced.is_some_and(|length| length > most) {
        return Err(too_large());
    }
    let too_slow = || Problem::of_status(StatusCode::REQUEST_TIMEOUT);
    let bytes = tokio::time::timeout(BODY_WAIT, to_bytes(body, most)).await;
    bytes.map_err(|_| too_slow())?.map_err(|_| too_large())
}

/// The query of a request, read field by field as a form is.
#[derive(Debug)]
pub struct Query(pub Form);

impl axum::extract::FromRequestParts<App> for Query {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let language = Visitor::from_request_parts(parts, app).await?.language;
        Ok(Self(Form::of_query(parts, language)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(text: &[u8]) -> Form {
        Form::parse(text, "POST /give".to_owned(), Language::English)
    }

    #[test]
    fn fields_are_decoded() {
        let form = form(b"note=a+b%20%C3%A9&empty=&bare&box=yes&odd=%zz%4");
        assert_eq!((form.text("note"), form.text("empty")), ("a b \u{e9}", ""));
        assert_eq!((form.text("bare"), form.text("odd")), ("", "%zz%4"));
        assert!(form.is_checked("box"));
    }

    #[test]
    fn what_cannot_be_read_is_refused_with_a_sentence() {
        let mut form = form(b"broken=%FF&twice=1&twice=2&zero=%00");
        for name in ["broken", "twice", "zero"] {
            assert_eq!(form.text(name), "", "{name}");
            assert_eq!(form.read(name, |text| Ok(text.to_owned())), None, "{name}");
            assert!(form.filled().error(name).contains("cannot be kept"), "{name}");
        }
        assert_eq!(form.all("twice").collect::<Vec<_>>(), ["1", "2"]);
    }

    #[test]
    fn secrets_do_not_come_back() {
        let filled = form(b"name=a&password=b&password_again=c&csrf=d").filled();
        assert_eq!((filled.value("name"), filled.value("password")), ("a", ""));
        assert_eq!((filled.value("password_again"), filled.value("csrf")), ("", ""));
    }

    #[test]
    fn a_key_stands_for_all_fields_but_the_token() {
        let op = "op=0190f0c2-0000-7000-8000-000000000001";
        let key = |rest: &str| form(format!("{op}{rest}").as_bytes()).key().expect("a key");
        assert_eq!(key("&a=1&csrf=x"), key("&a=1&csrf=y"));
        assert_ne!(key("&a=1"), key("&a=2"));
        assert_ne!(key("&a=1&b="), key("&a=&b=1"));
        for op in ["", "op=", "op=x", "op=0190f0c200007000800000000000000000001"] {
            assert!(form(op.as_bytes()).key().is_err(), "{op}");
        }
    }
}
