//! An answer that is ready: its headers and its body in each form in which it may be asked for.

use std::convert::Infallible;

use axum::body::{Body, Bytes, to_bytes};
use axum::http::header::{
    ACCEPT_ENCODING, ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_LENGTH,
    CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, STRICT_TRANSPORT_SECURITY, VARY,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Request, StatusCode};
use axum::response::{IntoResponse as _, Response};
use obole_app::secrets::{digest, hex};
use tower::ServiceExt as _;
use tower_http::compression::Compression;

use super::asked::{Accepts, Asked, Kind};

/// A shorter body is not compressed: it fits into one packet as it is.
const COMPRESSED_FROM: usize = 1_200;

/// About what the headers of a form take.
const HEADER_BYTES: usize = 2_048;

/// What a button needs to say; all else would be sent a thousand times for nothing.
const OF_BUTTONS: [HeaderName; 7] = [
    CONTENT_TYPE,
    CACHE_CONTROL,
    CONTENT_SECURITY_POLICY,
    X_CONTENT_TYPE_OPTIONS,
    ACCESS_CONTROL_ALLOW_ORIGIN,
    STRICT_TRANSPORT_SECURITY,
    HeaderName::from_static("cross-origin-resource-policy"),
];

/// A ready answer.
pub(super) struct Ready {
    /// The plain form first.
    forms: Vec<Form>,
    /// About how many bytes it takes.
    pub(super) weight: usize,
}

/// A body and what stands before it.
struct Form {
    coding: Coding,
    tag: HeaderValue,
    /// With the body.
    whole: HeaderMap,
    /// With 304.
    brief: HeaderMap,
    body: Bytes,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Coding {
    Plain,
    Gzip,
    Brotli,
}

impl Coding {
    const fn name(self) -> &'static str {
        match self {
            Self::Plain => "identity",
            Self::Gzip => "gzip",
            Self::Brotli => "br",
        }
    }

    /// What its tags end with.
    const fn ending(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::Gzip => "-gzip",
            Self::Brotli => "-br",
        }
    }

    const fn is_in(self, accepts: Accepts) -> bool {
        match self {
            Self::Plain => true,
            Self::Gzip => accepts.gzip,
            Self::Brotli => accepts.brotli,
        }
    }
}

impl Ready {
    /// Makes it of an answer's headers and plain body, compressed as well where that pays.
    pub(super) async fn new(kind: Kind, headers: HeaderMap, body: Bytes) -> Self {
        let headers = cleaned(kind, headers);
        let hash: String = hex(&digest(&body)).chars().take(32).collect();
        let mut bodies = vec![(Coding::Plain, body.clone())];
        if body.len() >= COMPRESSED_FROM && kind != Kind::Button {
            for coding in [Coding::Gzip, Coding::Brotli] {
                let small = compressed(coding, &headers, &body).await;
                bodies.extend(small.map(|small| (coding, small)));
            }
        }
        let forms = bodies.into_iter().filter_map(|(coding, body)| {
            let tag = format!("\"{hash}{}\"", coding.ending());
            Some(Form::new(coding, HeaderValue::try_from(tag).ok()?, &headers, body))
        });
        let forms: Vec<Form> = forms.collect();
        let weight = forms.iter().map(|form| form.body.len() + HEADER_BYTES).sum();
        Self { weight, forms }
    }

    /// The answer in the form that the client likes best; 304 where it has that.
    pub(super) fn answer(&self, asked: &Asked<'_>) -> Response {
        let fitting = self.forms.iter().filter(|form| form.coding.is_in(asked.accepts));
        let Some(form) = fitting.min_by_key(|form| form.body.len()) else {
            return StatusCode::INTERNAL_SERVER_ERROR.into_response();
        };
        if asked.has(form.tag.as_bytes()) {
            let mut response = Response::new(Body::empty());
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            *response.headers_mut() = form.brief.clone();
            return response;
        }
        let body = if asked.is_head { Body::empty() } else { Body::from(form.body.clone()) };
        let mut response = Response::new(body);
        *response.headers_mut() = form.whole.clone();
        response
    }

    /// The same where many addresses share it: none of them bears its weight.
    pub(super) fn shared(self) -> Self {
        Self { weight: 0, ..self }
    }

    #[cfg(test)]
    pub(super) const fn empty(weight: usize) -> Self {
        Self { forms: Vec::new(), weight }
    }
}

impl Form {
    fn new(coding: Coding, tag: HeaderValue, headers: &HeaderMap, body: Bytes) -> Self {
        let mut whole = headers.clone();
        if coding != Coding::Plain {
            whole.insert(CONTENT_ENCODING, HeaderValue::from_static(coding.name()));
        }
        whole.insert(CONTENT_LENGTH, HeaderValue::from(body.len()));
        whole.insert(ETAG, tag.clone());
        let mut brief = HeaderMap::new();
        for name in [ETAG, CACHE_CONTROL, VARY] {
            if let Some(value) = whole.get(&name) {
                brief.insert(name, value.clone());
            }
        }
        Self { coding, tag, whole, brief, body }
    }
}

/// The headers that are the same for everybody who asks.
fn cleaned(kind: Kind, mut headers: HeaderMap) -> HeaderMap {
    if kind == Kind::Button {
        let kept = OF_BUTTONS.into_iter();
        return kept.filter_map(|name| headers.remove(&name).map(|value| (name, value))).collect();
    }
    headers.remove("x-request-id");
    headers.remove(CONTENT_LENGTH);
    let vary = match kind {
        Kind::Page => "cookie, accept-language, accept-encoding",
        Kind::Button | Kind::File | Kind::Probe => "accept-encoding",
    };
    headers.insert(VARY, HeaderValue::from_static(vary));
    headers
}

/// A body compressed as the router would; none where it becomes hardly smaller.
async fn compressed(coding: Coding, headers: &HeaderMap, body: &Bytes) -> Option<Bytes> {
    let kind = headers.get(CONTENT_TYPE)?.clone();
    let plain = body.clone();
    let service = tower::service_fn(move |_: Request<Body>| {
        let answer = ([(CONTENT_TYPE, kind.clone())], plain.clone()).into_response();
        async move { Ok::<_, Infallible>(answer) }
    });
    let mut request = Request::new(Body::empty());
    request.headers_mut().insert(ACCEPT_ENCODING, HeaderValue::from_static(coding.name()));
    let Ok(response) = Compression::new(service).oneshot(request).await;
    let is_coded = response.headers().get(CONTENT_ENCODING)?.as_bytes() == coding.name().as_bytes();
    let small = to_bytes(Body::new(response.into_body()), body.len()).await.ok()?;
    (is_coded && small.len() < body.len() - body.len() / 10).then_some(small)
}
