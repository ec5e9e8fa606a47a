//! Lists: a page of items, where the next one begins, how many there are.

use axum::Json;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use hutong_store::{Count, Cursor, Page, Query, Record, Stored};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::refusal::ApiRefusal;

/// Items on a page where the caller does not say.
pub const ITEMS_DEFAULT: u16 = 50;

/// Items on a page at most.
pub const ITEMS_MAX: u16 = 200;

/// Which page of a list. Use it with [`crate::call::Parameters`].
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Paging {
    /// Where the page before ended: `next` of its answer, as it is. Without it, the first page.
    #[serde(default)]
    pub cursor: Option<String>,
    /// Items on the page.
    #[serde(default)]
    #[param(minimum = 1, maximum = 200, default = 50)]
    pub limit: Option<u16>,
}

impl Paging {
    /// Bounds `query` to the page.
    ///
    /// # Errors
    /// `api.parameter` for a limit out of bounds, or for a cursor that is none. Whether it belongs to this list
    /// is for the store to say.
    pub fn apply(&self, query: Query) -> Result<Query, ApiRefusal> {
        let limit = self.limit.unwrap_or(ITEMS_DEFAULT);
        if !(1..=ITEMS_MAX).contains(&limit) {
            return Err(ApiRefusal::Parameter {
                what: format!("limit is {limit}, from 1 to {ITEMS_MAX} are served"),
            });
        }
        let cursor = match self.cursor.as_deref() {
            None | Some("") => None,
            Some(text) => match text.parse::<Cursor>() {
                Ok(cursor) => Some(cursor),
                Err(_unreadable) => return Err(ApiRefusal::Parameter { what: "cursor".to_owned() }),
            },
        };
        Ok(query.limit(usize::from(limit)).after(cursor))
    }
}

/// A page of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct List<T: ToSchema> {
    /// The items, in order.
    pub items: Vec<T>,
    /// Pass it as `cursor` for the next page; null on the last one.
    pub next: Option<String>,
    /// How many items the whole list has, as far as that is known.
    pub count: u64,
    /// Is `count` the exact number? If not, there are at least so many.
    pub count_exact: bool,
}

impl<T: ToSchema> List<T> {
    /// Draws a page of records as a page of items.
    pub fn of<R: Record>(page: Page<R>, item: impl FnMut(Stored<R>) -> T) -> Self {
        let (count, count_exact) = match page.count {
            Count::Exact(count) => (count, true),
            Count::AtLeast(count) => (count, false),
        };
        Self {
            items: page.items.into_iter().map(item).collect(),
            next: page.next.map(|cursor| cursor.to_string()),
            count,
            count_exact,
        }
    }

    /// A whole list that is short by its nature.
    pub fn whole(items: Vec<T>) -> Self {
        let count = u64::try_from(items.len()).unwrap_or(u64::MAX);
        Self { items, next: None, count, count_exact: true }
    }
}

impl<T: ToSchema + Serialize> IntoResponse for List<T> {
    fn into_response(self) -> Response {
        // RFC 8288; a target without a path is resolved against the request's own address.
        let link = self.next.as_ref().map(|next| format!("<?cursor={next}>; rel=\"next\""));
        let mut response = Json(self).into_response();
        if let Some(link) = link.and_then(|it| HeaderValue::from_str(&it).ok()) {
            response.headers_mut().insert(header::LINK, link);
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_bounded_and_says_so() {
        let paging = |limit, cursor: Option<&str>| Paging { limit, cursor: cursor.map(str::to_owned) };
        assert_eq!(paging(None, None).apply(Query::all()).unwrap().limit, usize::from(ITEMS_DEFAULT));
        assert_eq!(paging(Some(200), Some("")).apply(Query::all()).unwrap().limit, 200);
        assert!(paging(Some(0), None).apply(Query::all()).is_err());
        assert!(paging(Some(201), None).apply(Query::all()).is_err());
        assert!(paging(None, Some("no cursor")).apply(Query::all()).is_err());
    }
}
