//! Lists: a page of items, the cursor of the next page, and a link to it.

use axum::Json;
use axum::http::HeaderValue;
use axum::http::header::LINK;
use axum::response::{IntoResponse, Response};
use obole_app::secrets::hex;
use serde::Serialize;
use utoipa::ToSchema;

use crate::address::with_query;
use crate::api::ROOT;
use crate::api::caller::Caller;
use crate::api::query::Page;

/// A page of a list.
#[derive(Serialize, ToSchema)]
pub struct List<T> {
    /// The items of this page.
    pub items: Vec<T>,
    /// What to send as `after` for the next page; null on the last one.
    #[schema(required)]
    pub next: Option<String>,
}

impl<T> List<T> {
    /// A list that is never longer than a page.
    #[must_use]
    pub const fn whole(items: Vec<T>) -> Self {
        Self { items, next: None }
    }

    /// A page out of one row more than it shows; `cursor` is made of the last row shown.
    pub fn of<R>(
        mut rows: Vec<R>,
        page: &Page,
        cursor: impl FnOnce(&R) -> Vec<u8>,
        item: impl FnMut(R) -> T,
    ) -> Self {
        let has_more = rows.len() > page.limit;
        rows.truncate(page.limit);
        let next = rows.last().filter(|_| has_more).map(|last| hex(&cursor(last)));
        Self { items: rows.into_iter().map(item).collect(), next }
    }
}

impl<T: Serialize> List<T> {
    /// The answer, with a link to the next page of the same filters.
    #[must_use]
    pub fn answer(
        self,
        caller: &Caller,
        path: &str,
        page: &Page,
        filters: &[(&str, &str)],
    ) -> Response {
        let next = self.next.as_deref().map(|next| {
            let limit = page.limit.to_string();
            let mut query = filters.to_vec();
            query.extend([("limit", limit.as_str()), ("after", next)]);
            let address = with_query(&format!("{ROOT}{path}"), &query);
            format!("<{}{address}>; rel=\"next\"", caller.app.config().base_url())
        });
        let link = next.and_then(|link| HeaderValue::try_from(link).ok());
        let mut response = Json(self).into_response();
        if let Some(link) = link {
            response.headers_mut().insert(LINK, link);
        }
        response
    }
}
