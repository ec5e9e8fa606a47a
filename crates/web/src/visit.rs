//! One visit to one page: who, when, in which language.

use std::convert::Infallible;
use std::ops::Deref;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Redirect, Response};
use hutong_kernel::district::Language;
use hutong_kernel::permission::Action;
use hutong_kernel::{Denied, OpContext, Target};
use maud::Markup;

use crate::page::{self, PageHead};
use crate::state::App;
use crate::words::Words;

/// Who looks at what, read once for each request; an axum extractor.
///
/// Dereferences to [`Words`], so that `visit.t("key")` speaks the visitor's language.
#[derive(Clone)]
pub struct Visit {
    /// Who acts, when, under which number.
    pub ctx: OpContext,
    /// The visitor's language.
    pub words: Words,
    /// The page's path, without the query.
    pub path: String,
    /// The page's path and query, for links that come back here.
    pub path_and_query: String,
    /// Asked for by htmx.
    pub htmx: bool,
    /// htmx wants the content without the frame.
    pub content_only: bool,
    /// All data are synthetic.
    pub demo: bool,
    /// Light, night, or as the machine prefers.
    pub theme: Theme,
    /// Key of a text about what was just done, shown once.
    pub done: Option<String>,
    /// The shared parts.
    pub app: App,
}

/// Light or night.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Theme {
    /// As the machine prefers.
    #[default]
    Auto,
    /// Paper.
    Light,
    /// The cockpit's colours.
    Night,
}

impl Theme {
    /// Value of the cookie and the attribute.
    pub fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Light => "light",
            Self::Night => "night",
        }
    }

    /// The theme of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Auto, Self::Light, Self::Night].into_iter().find(|theme| theme.name() == name)
    }
}

/// Cookie that keeps the language.
pub(crate) const LANGUAGE_COOKIE: &str = "hutong_language";
/// Cookie that keeps the theme.
pub(crate) const THEME_COOKIE: &str = "hutong_theme";
/// Cookie with the key of a text about what was just done.
pub(crate) const DONE_COOKIE: &str = "hutong_done";

impl Visit {
    /// Reads everything but the principal from the request's head.
    pub(crate) fn new(app: App, ctx: OpContext, parts: &Parts) -> Self {
        let headers = &parts.headers;
        let htmx = headers.contains_key("hx-request");
        let target_is_content = headers.get("hx-target").is_some_and(|target| target == "content");
        let done = cookie(headers, DONE_COOKIE)
            .map(|key| format!("done-{key}"))
            .filter(|key| app.messages.has(Language::Chinese, key));
        Self {
            words: Words {
                lang: language(headers),
                messages: app.messages.clone(),
                time_zone: app.district.time_zone.clone(),
            },
            path: parts.uri.path().to_owned(),
            path_and_query: parts.uri.path_and_query().map_or("/", |it| it.as_str()).to_owned(),
            htmx,
            content_only: htmx && target_is_content,
            demo: app.district.demo,
            theme: cookie(headers, THEME_COOKIE).and_then(Theme::from_name).unwrap_or_default(),
            done,
            ctx,
            app,
        }
    }

    /// May the visitor do `action` at all? For showing or hiding a button; the command checks again.
    pub fn may(&self, action: Action) -> bool {
        self.ctx.may(action, Target::Any).is_ok()
    }

    /// Refuses visitors who may not do `action` at all.
    ///
    /// # Errors
    /// [`Denied`]; a visitor who has not signed in is sent to sign in.
    pub fn require(&self, action: Action) -> Result<(), Denied> {
        self.ctx.may(action, Target::Any)
    }

    /// The district's name in the visitor's language.
    pub fn district_name(&self) -> &str {
        match self.lang {
            Language::Chinese => &self.app.district.name_zh,
            Language::English => &self.app.district.name_en,
        }
    }

    /// The page: `body` in the frame, or alone when htmx asked for the content.
    pub async fn page(&self, head: PageHead, body: Markup) -> Response {
        page::respond(self, head, body).await
    }

    /// Sends the visitor to `path` after a change; `done` names the text `done-…` that is shown there once.
    pub fn redirect(&self, path: &str, done: &str) -> Response {
        debug_assert!(
            self.app.messages.has(Language::Chinese, &format!("done-{done}")),
            "no text done-{done}"
        );
        let mut response = Redirect::to(path).into_response();
        set_cookie(
            &mut response,
            &format!("{DONE_COOKIE}={done}; Path=/; Max-Age=60; HttpOnly; SameSite=Lax"),
        );
        response
    }
}

impl Deref for Visit {
    type Target = Words;
    fn deref(&self) -> &Words {
        &self.words
    }
}

impl FromRequestParts<App> for Visit {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Infallible> {
        if let Some(visit) = parts.extensions.get::<Self>() {
            return Ok(visit.clone());
        }
        // Only a router without the frame comes here, as in the test of a single page.
        let ctx = parts.extensions.get::<OpContext>().cloned().unwrap_or_else(|| {
            let now = app.clock.now();
            OpContext {
                principal: hutong_kernel::Principal::Visitor,
                request_id: "frameless".to_owned(),
                now,
                today: app.district.date(now),
                idempotency_key: None,
            }
        });
        Ok(Self::new(app.clone(), ctx, parts))
    }
}

/// A cookie's value.
pub(crate) fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value)
}

/// Adds a `Set-Cookie` header. The text is our own: names, tokens and keys in ASCII.
pub(crate) fn set_cookie(response: &mut Response, cookie: &str) {
    match HeaderValue::from_str(cookie) {
        Ok(value) => {
            response.headers_mut().append(header::SET_COOKIE, value);
        }
        Err(_) => tracing::error!("a cookie with a control character was not set"),
    }
}

/// The chosen language, else the browser's first that we speak, else Chinese.
fn language(headers: &HeaderMap) -> Language {
    cookie(headers, LANGUAGE_COOKIE)
        .and_then(Language::from_tag)
        .or_else(|| {
            let accepted = headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok()?;
            accepted.split(',').find_map(|tag| Language::from_tag(tag.trim().split(';').next()?))
        })
        .unwrap_or_default()
}

/// A path on this site, for redirects that come back: anything else becomes `/`.
///
/// `//host` and `/\host` are other sites to a browser.
pub fn local_path(given: &str) -> &str {
    let second = given.as_bytes().get(1);
    let local = given.starts_with('/')
        && !matches!(second, Some(b'/' | b'\\'))
        && given.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    if local { given } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_way_back_never_leaves_the_site() {
        for (given, path) in [
            ("/plans?q=%E6%B1%9F", "/plans?q=%E6%B1%9F"),
            ("//evil.example", "/"),
            ("/\\evil.example", "/"),
            ("https://evil.example", "/"),
            ("/a\r\nSet-Cookie: x=1", "/"),
            ("", "/"),
        ] {
            assert_eq!(local_path(given), path, "{given:?}");
        }
    }

    #[test]
    fn the_chosen_language_beats_the_browsers() {
        let mut headers = HeaderMap::new();
        assert_eq!(language(&headers), Language::Chinese);
        headers.insert(header::ACCEPT_LANGUAGE, HeaderValue::from_static("fr-FR, en-GB;q=0.8, zh;q=0.5"));
        assert_eq!(language(&headers), Language::English);
        headers.insert(header::COOKIE, HeaderValue::from_static("a=b; hutong_language=zh-CN"));
        assert_eq!(language(&headers), Language::Chinese);
    }
}
