//! The frame around every page: navigation, top bar, breadcrumbs, title, tabs, content.

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use hutong_kernel::Principal;
use hutong_kernel::district::Language;
use maud::{DOCTYPE, Markup, PreEscaped, html};

use crate::assets;
use crate::state::NavigationItem;
use crate::ui::{self, Icon};
use crate::visit::{DONE_COOKIE, Theme, Visit, set_cookie};

/// What stands above a page's content.
#[derive(Debug, Clone, Default)]
pub struct PageHead {
    /// The page's title.
    pub title: String,
    /// Where the page is: its parents, outermost first, without the page itself.
    pub breadcrumbs: Vec<Crumb>,
    /// State and light, beside the title.
    pub state: Option<Markup>,
    /// A sentence under the title.
    pub lead: Option<String>,
    /// The primary action, on the right.
    pub primary: Option<Markup>,
    /// The record's other pages.
    pub tabs: Vec<Tab>,
    /// The content uses the whole width, as the review page does.
    pub wide: bool,
    /// No navigation and no breadcrumbs: the sign-in page.
    pub bare: bool,
}

/// A parent of a page.
#[derive(Debug, Clone)]
pub struct Crumb {
    /// Its title.
    pub title: String,
    /// Its address.
    pub href: String,
}

/// One of a record's pages.
#[derive(Debug, Clone)]
pub struct Tab {
    /// Its name.
    pub label: String,
    /// Its address.
    pub href: String,
    /// It is the page that is shown.
    pub current: bool,
    /// How many things are in it.
    pub count: Option<usize>,
}

impl Tab {
    /// A tab.
    pub fn new(label: impl Into<String>, href: impl Into<String>, current: bool) -> Self {
        Self { label: label.into(), href: href.into(), current, count: None }
    }

    /// Says how many things are in it.
    #[must_use]
    pub fn count(mut self, count: usize) -> Self {
        self.count = Some(count);
        self
    }
}

impl PageHead {
    /// A page with a title.
    pub fn new(title: impl Into<String>) -> Self {
        Self { title: title.into(), ..Self::default() }
    }

    /// Adds the next parent.
    #[must_use]
    pub fn crumb(mut self, title: impl Into<String>, href: impl Into<String>) -> Self {
        self.breadcrumbs.push(Crumb { title: title.into(), href: href.into() });
        self
    }

    /// Sets state and light.
    #[must_use]
    pub fn state(mut self, state: Markup) -> Self {
        self.state = Some(state);
        self
    }

    /// Sets the sentence under the title.
    #[must_use]
    pub fn lead(mut self, lead: impl Into<String>) -> Self {
        self.lead = Some(lead.into());
        self
    }

    /// Sets the primary action.
    #[must_use]
    pub fn primary(mut self, primary: Markup) -> Self {
        self.primary = Some(primary);
        self
    }

    /// Sets the tabs.
    #[must_use]
    pub fn tabs(mut self, tabs: Vec<Tab>) -> Self {
        self.tabs = tabs;
        self
    }

    /// Gives the content the whole width.
    #[must_use]
    pub fn wide(mut self) -> Self {
        self.wide = true;
        self
    }
}

/// htmx without what our content security policy forbids, and without requests to other sites.
const HTMX_CONFIG: &str = r#"{"allowEval":false,"allowScriptTags":false,"selfRequestsOnly":true,"includeIndicatorStyles":false,"historyCacheSize":0,"scrollBehavior":"auto"}"#;

/// Answers with the page, or with its content alone.
pub(crate) async fn respond(visit: &Visit, head: PageHead, body: Markup) -> Response {
    let inner = content(visit, &head, &body);
    let markup = if visit.content_only {
        html! { title { (window_title(visit, &head)) } (inner) }
    } else {
        let due = match &visit.app.due {
            Some(door) if visit.ctx.principal.person().is_some() => door.due(&visit.ctx).await,
            _ => None,
        };
        document(visit, &head, &inner, due)
    };
    let mut response = markup.into_response();
    response
        .headers_mut()
        .insert(header::VARY, HeaderValue::from_static("HX-Request, Cookie, Accept-Language"));
    if visit.done.is_some() {
        set_cookie(&mut response, &format!("{DONE_COOKIE}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax"));
    }
    response
}

fn window_title(visit: &Visit, head: &PageHead) -> String {
    format!("{} · {}", head.title, visit.district_name())
}

/// What htmx replaces: everything from the breadcrumbs down.
fn content(visit: &Visit, head: &PageHead, body: &Markup) -> Markup {
    html! {
        @if !head.breadcrumbs.is_empty() {
            (ui::breadcrumbs(visit, &head.breadcrumbs, &head.title))
        }
        header.page-head {
            div.page-title {
                h1 { (head.title) }
                @if let Some(state) = &head.state { div.page-state { (state) } }
            }
            @if let Some(primary) = &head.primary { div.page-actions { (primary) } }
            @if let Some(lead) = &head.lead { p.page-lead { (lead) } }
        }
        @if let Some(done) = &visit.done {
            div.flash role="status" { (Icon::Check.svg()) p { (visit.t(done)) } }
        }
        @if !head.tabs.is_empty() {
            nav.tabs aria-label=(visit.t("tabs-label")) {
                ul {
                    @for tab in &head.tabs {
                        li {
                            a href=(tab.href) aria-current=[tab.current.then_some("page")] {
                                (tab.label)
                                @if let Some(count) = tab.count { span.count { (count) } }
                            }
                        }
                    }
                }
            }
        }
        div.page-body { (body) }
    }
}

fn document(visit: &Visit, head: &PageHead, inner: &Markup, due: Option<u32>) -> Markup {
    html! {
        (DOCTYPE)
        html lang=(visit.lang.tag()) data-theme=(visit.theme.name()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (window_title(visit, head)) }
                meta name="htmx-config" content=(HTMX_CONFIG);
                meta name="color-scheme" content=(match visit.theme {
                    Theme::Auto => "light dark",
                    Theme::Light => "light",
                    Theme::Night => "dark",
                });
                meta name="hutong-leave-warning" content=(visit.t("leave-warning"));
                link rel="stylesheet" href=(assets::STYLE);
                link rel="icon" type="image/svg+xml" href=(assets::MARK);
                script type="module" src=(assets::SCRIPT) {}
            }
            body.bare[head.bare] {
                a.skip href="#content" { (visit.t("skip-to-content")) }
                @if visit.demo {
                    aside.demo-banner aria-label=(visit.t("demo-label")) { (Icon::Info.svg()) p { (visit.t("demo-banner")) } }
                }
                (top_bar(visit, head, due))
                div.shell {
                    @if !head.bare {
                        nav.side aria-label=(visit.t("navigation-label")) { (navigation(visit)) }
                    }
                    main #content .wide[head.wide] tabindex="-1" { (inner) }
                }
                footer.foot {
                    span { (visit.district_name()) }
                    span { (visit.t("product-name")) " " (env!("CARGO_PKG_VERSION")) }
                    a href="/permissions" { (visit.t("nav-permissions")) }
                    a href="/api/v1/openapi.json" { (visit.t("foot-api")) }
                    @if visit.app.ledger.is_some() {
                        a href="/ledger/checkpoint" { (visit.t("foot-checkpoint")) }
                    }
                }
            }
        }
    }
}

fn top_bar(visit: &Visit, head: &PageHead, due: Option<u32>) -> Markup {
    let back = ui::url::query(&[("back", &visit.path_and_query)]);
    let (other, other_name) = match visit.lang {
        Language::Chinese => (Language::English, "English"),
        Language::English => (Language::Chinese, "中文"),
    };
    let night = visit.theme == Theme::Night;
    let (theme, theme_key, theme_icon) = if night {
        (Theme::Light, "theme-light", Icon::Sun)
    } else {
        (Theme::Night, "theme-night", Icon::Moon)
    };
    html! {
        header.top {
            @if !head.bare {
                details.menu {
                    summary { (Icon::Menu.svg()) span { (visit.t("menu")) } }
                    nav aria-label=(visit.t("menu-label")) { (navigation(visit)) }
                }
            }
            a.brand href="/" {
                (mark())
                span.brand-words {
                    strong { (visit.district_name()) }
                    span.brand-product { (visit.t("product-title")) }
                }
            }
            div.top-tools {
                @if let Some(due) = due {
                    a.tool.due href="/" title=(visit.t("due-title")) {
                        (Icon::Bell.svg())
                        span.tool-words { (visit.t("due-label")) }
                        @if 0 < due { span.count { (due) } }
                    }
                }
                a.tool href={ "/language/" (other.tag()) (back) } lang=(other.tag()) hreflang=(other.tag()) {
                    (Icon::Globe.svg()) span.tool-words { (other_name) }
                }
                a.tool href={ "/theme/" (theme.name()) (back) } data-theme-switch
                    data-label-light=(visit.t("theme-light")) data-label-night=(visit.t("theme-night")) {
                    (theme_icon.svg()) span.tool-words { (visit.t(theme_key)) }
                }
                (me(visit, &back))
            }
        }
    }
}

fn me(visit: &Visit, back: &str) -> Markup {
    match &visit.ctx.principal {
        Principal::Person { name, roles, .. } => html! {
            details.me {
                summary { (Icon::Person.svg()) span.tool-words { (name) } }
                div.me-menu {
                    p.me-name { (name) }
                    p.me-roles { (visit.list(roles.iter().map(|role| visit.role(*role)))) }
                    a href="/password" { (visit.t("nav-change-password")) }
                    form method="post" action="/sign-out" {
                        button.link type="submit" { (visit.t("nav-sign-out")) }
                    }
                }
            }
        },
        Principal::Visitor | Principal::System { .. } => html! {
            @if visit.path != "/sign-in" {
                a.tool.sign-in href={ "/sign-in" (back) } {
                    (Icon::Person.svg()) span.tool-words { (visit.t("nav-sign-in")) }
                }
            }
        },
    }
}

fn navigation(visit: &Visit) -> Markup {
    let items: Vec<&NavigationItem> = visit
        .app
        .navigation
        .iter()
        .filter(|item| item.action.is_none_or(|action| visit.may(action)))
        .collect();
    let current = current_item(items.iter().map(|item| item.href), &visit.path);
    html! {
        ul {
            @for (index, item) in items.iter().enumerate() {
                li {
                    a href=(item.href) aria-current=[(current == Some(index)).then_some("true")] {
                        (item.icon.svg()) span { (visit.t(item.key)) }
                    }
                }
            }
        }
    }
}

/// The item whose address is the longest beginning of `path`; the home page only for itself.
fn current_item<'a>(hrefs: impl Iterator<Item = &'a str>, path: &str) -> Option<usize> {
    hrefs
        .enumerate()
        .filter(|(_, href)| {
            *href == path
                || (*href != "/" && path.strip_prefix(href).is_some_and(|rest| rest.starts_with('/')))
        })
        .max_by_key(|(_, href)| href.len())
        .map(|(index, _)| index)
}

/// The gate of a courtyard: the product's mark.
fn mark() -> Markup {
    PreEscaped(
        "<svg class=\"mark\" viewBox=\"0 0 32 32\" width=\"28\" height=\"28\" aria-hidden=\"true\"><rect class=\"mark-door\" \
         width=\"32\" height=\"32\" rx=\"6\"/><path class=\"mark-line\" d=\"M7 12 16 6l9 6M9 13v13M23 13v13M13 26v-8h6v8M9 17h14\"/></svg>"
            .to_owned(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_exact_address_is_the_current_place() {
        let hrefs = ["/", "/plans", "/plans/import", "/tasks"];
        let check = |path| current_item(hrefs.into_iter(), path).map(|index| hrefs[index]);
        assert_eq!(check("/"), Some("/"));
        assert_eq!(check("/plans/0198"), Some("/plans"));
        assert_eq!(check("/plans/import/0198"), Some("/plans/import"));
        assert_eq!(check("/plansibly"), None);
    }
}
