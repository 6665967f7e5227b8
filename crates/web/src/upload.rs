//! A form with a file, as browsers send it (RFC 7578): read whole, each part as a field of text.

use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, FromRequestParts as _};
use axum::http::header::CONTENT_TYPE;
use axum::http::{Request, StatusCode};
use multer::Multipart;
use obole_app::App;

use crate::form::{FIELDS_MAX, Form, read_body};
use crate::problem::Problem;
use crate::visitor::Visitor;

/// The longest form with a file, in bytes.
pub const UPLOAD_MAX: usize = 2 * 1024 * 1024;

/// A form with a file, sent by a page of this instance: its token is checked (W2). What is no text
/// counts as unreadable, not as empty.
#[derive(Debug)]
pub struct Upload(pub Form);

impl FromRequest<App> for Upload {
    type Rejection = Problem;

    async fn from_request(request: Request<Body>, app: &App) -> Result<Self, Problem> {
        let (mut parts, body) = request.into_parts();
        let visitor = Visitor::from_request_parts(&mut parts, app).await?;
        let kind = parts.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let boundary = multer::parse_boundary(kind.unwrap_or_default());
        let boundary =
            boundary.map_err(|_| Problem::of_status(StatusCode::UNSUPPORTED_MEDIA_TYPE))?;
        let bytes = read_body(&parts, body, UPLOAD_MAX).await?;
        let fields = fields(bytes, boundary).await.ok_or_else(Problem::malformed)?;
        let target = format!("{} {}", parts.method, parts.uri.path());
        let form = Form::of_fields(fields, target, visitor.language);
        if visitor.has_token(form.text("csrf")) {
            Ok(Self(form))
        } else {
            Err(Problem::foreign_form())
        }
    }
}

/// The parts by name; none where they are not put together as they should be.
async fn fields(bytes: Bytes, boundary: String) -> Option<Vec<(String, Option<String>)>> {
    let mut parts = Multipart::new(Body::from(bytes).into_data_stream(), boundary);
    let mut fields = Vec::new();
    while let Some(part) = parts.next_field().await.ok()? {
        let name = part.name().unwrap_or_default().to_owned();
        let text = String::from_utf8(part.bytes().await.ok()?.to_vec()).ok();
        fields.push((name, text.filter(|text| !text.contains('\0'))));
        if fields.len() > FIELDS_MAX {
            return None;
        }
    }
    Some(fields)
}
