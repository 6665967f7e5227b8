//! `/works/prefix`: what is known of pages, asked without saying which. Public, without a token.

use axum::extract::Path;
use axum::http::header::CACHE_CONTROL;
use axum::http::{HeaderMap, HeaderValue};
use obole_app::App;
use obole_app::secrets::hex;
use obole_domain::UrlPrefix;
use obole_domain::url_prefix::url_hash;
use obole_store::works;
use serde::Serialize;
use utoipa::ToSchema;

use crate::answer::Answer;
use crate::api::cached::cached;
use crate::api::caller::Caller;
use crate::problem::Problem;

/// Where they stand: what is asked there leaves no line in the log.
pub const PATH: &str = "/api/v1/works/prefix/";

/// The most hashes of an answer, a multiple of [`STEP`].
const LIMIT: i64 = 256;

/// The number of hashes is a multiple of this.
const STEP: usize = 16;

/// How long an answer may be kept: a page that is new here is lit ten minutes late.
const KEPT: &str = "public, max-age=600";

/// The works whose addresses' hashes begin so.
#[derive(Serialize, ToSchema)]
pub struct WorkPrefix {
    /// The digits that were asked for.
    #[schema(example = "8198d", pattern = "^[0-9a-f]{5}$")]
    pub prefix: String,
    /// Hashes of works that somebody controls and collects for: SHA-256 of the canonical address,
    /// in hexadecimal digits.
    pub claimed: Vec<String>,
    /// Hashes of works that have been clicked and that nobody has claimed: what they receive is a
    /// promise. Some belong to no work; they make the numbers say nothing.
    pub unclaimed: Vec<String>,
}

/// Works by how the hash of their address begins
///
/// For clients that want to know whether a page can receive and not to say which page it is: hash
/// the canonical address with SHA-256, ask with the first five digits, and look for the whole hash
/// in the answer. Works that refuse money are left out. The hashes are in their own order.
#[utoipa::path(
    get, path = "/works/prefix/{prefix}", tag = "Works",
    params(("prefix" = String, Path, pattern = "^[0-9a-f]{5}$", example = "8198d",
        description = "Five hexadecimal digits, small letters")),
    responses((status = 200, description = "The hashes", body = WorkPrefix)),
)]
pub async fn list_works_of_prefix(
    caller: Caller,
    Path(prefix): Path<String>,
    headers: HeaderMap,
) -> Answer {
    let prefix = UrlPrefix::parse(&prefix).ok_or_else(Problem::not_found)?;
    let found = caller.app.read((), move |read, ()| {
        Box::pin(async move { Ok(works::with_prefix(read, prefix, LIMIT).await?) })
    });
    let mut shape =
        WorkPrefix { prefix: prefix.to_string(), claimed: Vec::new(), unclaimed: Vec::new() };
    for (url, is_claimed) in found.await? {
        let hashes = if is_claimed { &mut shape.claimed } else { &mut shape.unclaimed };
        hashes.push(hex(&url_hash(&url)));
    }
    shape.pad(&caller.app);
    let mut response = cached(&headers, &shape)?;
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static(KEPT));
    Ok(response)
}

impl WorkPrefix {
    /// Adds hashes that belong to no work, always the same ones, so that neither the length of the
    /// answer nor the number of hashes tells how many works there are that nobody has claimed.
    fn pad(&mut self, app: &App) {
        let known = self.claimed.len() + self.unclaimed.len();
        let wanted = known.next_multiple_of(STEP).max(STEP);
        for number in known..wanted {
            let mac = app.secrets().mac("prefix", format!("{} {number}", self.prefix).as_bytes());
            let rest = hex(&mac).split_off(UrlPrefix::DIGITS);
            self.unclaimed.push(format!("{}{rest}", self.prefix));
        }
        self.claimed.sort_unstable();
        self.unclaimed.sort_unstable();
    }
}
