//! Signing in through the whole frame: cookies, lock-outs, first passwords, forged requests, error pages.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on must stop")]

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use axum::routing::get;
use hutong_kernel::permission::{Action, Role};
use hutong_kernel::{Clock, PersonId};
use hutong_store::Credential;
use hutong_testkit::{FakeClock, TempStore};
use hutong_web::{App, PageError, PageHead, Visit};
use jiff::SignedDuration;
use maud::html;
use tower::ServiceExt as _;

const PASSWORD: &str = "三只灰鸽子落在白杨树上";

struct Site {
    app: App,
    router: Router,
    clock: Arc<FakeClock>,
    supervisor: PersonId,
    _temp: TempStore,
}

struct Answer {
    status: StatusCode,
    headers: axum::http::HeaderMap,
    body: String,
}

impl Answer {
    fn location(&self) -> &str {
        self.headers.get(header::LOCATION).map_or("", |it| it.to_str().unwrap())
    }

    /// The session's cookie as a browser would send it back.
    fn session(&self) -> String {
        let mut cookies = self.headers.get_all(header::SET_COOKIE).iter().map(|it| it.to_str().unwrap());
        let cookie = cookies.rfind(|it| it.starts_with("hutong_session=")).expect("a session cookie");
        cookie.split(';').next().unwrap().to_owned()
    }
}

async fn site(demo: bool) -> Site {
    let clock = Arc::new(FakeClock::at("2026-11-23T01:00:00Z".parse().unwrap()));
    let temp = TempStore::open(Vec::new()).unwrap();
    let store = temp.store().clone();
    let person = hutong_testkit::person("wangmin", None);
    let mut change = store.begin(&hutong_testkit::system_context(&*clock, "test"), "test");
    change.create(&person);
    change.create(&hutong_testkit::role_grant(person.id, Role::PlanSupervisor));
    change.commit().await.unwrap();
    let mut parts = hutong_web::testing::parts(store, clock.clone(), &[]);
    parts.district.demo = demo;
    let hash = parts.passwords.hash(PASSWORD).await.unwrap();
    let credential = Credential { hash, changed_at: clock.now(), must_change: false };
    parts.store.operational().set_credential(person.id, credential).await.unwrap();
    let app = App::new(parts);
    let routes = Router::new()
        .route(
            "/",
            get(async |visit: Visit| {
                visit.page(PageHead::new("home"), html! { p { (visit.ctx.principal.roles().len()) } }).await
            }),
        )
        .route(
            "/review",
            get(async |visit: Visit| -> Result<_, PageError> {
                visit.require(Action::ReviewFindings)?;
                Ok(visit.page(PageHead::new("review"), html! { "words" }).await)
            }),
        )
        .route(
            "/fault",
            get(async || -> Result<&'static str, PageError> { Err(PageError::fault("invented")) }),
        )
        .merge(hutong_web::pages());
    let router = hutong_web::frame(app.clone(), routes);
    Site { app, router, clock, supervisor: person.id, _temp: temp }
}

impl Site {
    async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, 1 << 20).await.unwrap();
        Answer {
            status: parts.status,
            headers: parts.headers,
            body: String::from_utf8_lossy(&bytes).into_owned(),
        }
    }

    async fn get(&self, path: &str, cookie: &str) -> Answer {
        self.send(Request::get(path).header(header::COOKIE, cookie).body(Body::empty()).unwrap()).await
    }

    async fn post(&self, path: &str, cookie: &str, form: &str) -> Answer {
        let request = Request::post(path)
            .header(header::COOKIE, cookie)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin")
            .body(Body::from(form.to_owned()))
            .unwrap();
        self.send(request).await
    }

    async fn sign_in(&self, user: &str, password: &str) -> Answer {
        let password = hutong_web::ui::url::encode(password);
        self.post("/sign-in", "", &format!("user_name={user}&password={password}&back=%2Freview")).await
    }
}

#[tokio::test]
async fn a_session_lasts_while_it_is_used_and_ends_with_signing_out() {
    let site = site(false).await;
    let refused = site.get("/review", "").await;
    assert_eq!(refused.location(), "/sign-in?back=/review");
    let answer = site.sign_in("WangMin", PASSWORD).await;
    assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, "/review"));
    let cookie = answer.session();
    assert_eq!(site.get("/review", &cookie).await.status, StatusCode::OK);

    for _ in 0..3 {
        site.clock.advance(SignedDuration::from_mins(110));
        assert_eq!(site.get("/review", &cookie).await.status, StatusCode::OK);
    }
    site.clock.advance(SignedDuration::from_mins(121));
    assert_eq!(site.get("/review", &cookie).await.status, StatusCode::SEE_OTHER);

    let cookie = site.sign_in("wangmin", PASSWORD).await.session();
    site.post("/sign-out", &cookie, "").await;
    assert_eq!(site.get("/review", &cookie).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_session_ends_after_its_absolute_time_even_when_it_is_used() {
    let site = site(false).await;
    let cookie = site.sign_in("wangmin", PASSWORD).await.session();
    for _ in 0..11 {
        site.clock.advance(SignedDuration::from_mins(60));
        assert_eq!(site.get("/review", &cookie).await.status, StatusCode::OK);
    }
    site.clock.advance(SignedDuration::from_mins(61));
    assert_eq!(site.get("/review", &cookie).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn known_and_unknown_names_are_refused_alike_and_locked_alike() {
    for user in ["wangmin", "nobody"] {
        let site = site(false).await;
        for _ in 0..4 {
            let answer = site.sign_in(user, "wrong").await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN);
            assert!(answer.body.contains("sign-in.wrong"), "{user}");
        }
        for password in ["wrong", PASSWORD] {
            let answer = site.sign_in(user, password).await;
            assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
            assert!(answer.body.contains("sign-in.locked"), "{user}");
        }
        // The lock is over; five more failures lock for twice as long.
        site.clock.advance(SignedDuration::from_secs(61));
        for _ in 0..5 {
            site.sign_in(user, "wrong").await;
        }
        site.clock.advance(SignedDuration::from_secs(61));
        assert!(site.sign_in(user, PASSWORD).await.body.contains("sign-in.locked"), "{user}");
        site.clock.advance(SignedDuration::from_secs(60));
        let expected = if user == "wangmin" { StatusCode::SEE_OTHER } else { StatusCode::FORBIDDEN };
        assert_eq!(site.sign_in(user, PASSWORD).await.status, expected, "{user}");
    }
}

#[tokio::test]
async fn a_first_password_must_be_changed_before_anything_else() {
    let site = site(false).await;
    let hash = site.app.passwords.hash(PASSWORD).await.unwrap();
    let credential = Credential { hash, changed_at: site.clock.now(), must_change: true };
    site.app.store.operational().set_credential(site.supervisor, credential).await.unwrap();
    let answer = site.sign_in("wangmin", PASSWORD).await;
    assert_eq!(answer.location(), "/password");
    let cookie = answer.session();
    assert_eq!(site.get("/review", &cookie).await.location(), "/password");

    let form = |current: &str, new: &str| {
        let encode = hutong_web::ui::url::encode;
        format!("current={}&new={}&again={}", encode(current), encode(new), encode(new))
    };
    let weak = site.post("/password", &cookie, &form(PASSWORD, "short")).await;
    assert_eq!(weak.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(weak.body.contains("password.too_short"));
    let wrong = site.post("/password", &cookie, &form("something else", "胡同口的两棵老槐树")).await;
    assert!(wrong.body.contains("password.wrong"));
    let changed = site.post("/password", &cookie, &form(PASSWORD, "胡同口的两棵老槐树下")).await;
    assert_eq!(changed.status, StatusCode::SEE_OTHER, "{}", changed.body);
    assert_eq!(site.get("/review", &cookie).await.status, StatusCode::SEE_OTHER, "the old session has ended");
    assert_eq!(site.get("/review", &changed.session()).await.status, StatusCode::OK);
}

#[tokio::test]
async fn roles_are_chosen_by_one_click_in_a_demonstration_only() {
    let demo = site(true).await;
    let page = demo.get("/sign-in", "").await;
    assert!(page.body.contains("演示环境") && page.body.contains("测试wangmin"));
    let form = format!("person={}", demo.supervisor);
    let answer = demo.post("/sign-in/demo", "", &form).await;
    assert_eq!(demo.get("/review", &answer.session()).await.status, StatusCode::OK);

    let real = site(false).await;
    assert!(!real.get("/sign-in", "").await.body.contains("演示"));
    let form = format!("person={}", real.supervisor);
    assert_eq!(real.post("/sign-in/demo", "", &form).await.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn every_answer_carries_the_security_headers_and_a_request_number() {
    let site = site(false).await;
    for path in ["/", "/nowhere", "/fault", "/sign-in", "/healthz", "/api/v1/nowhere"] {
        let answer = site.get(path, "").await;
        let csp = answer.headers["content-security-policy"].to_str().unwrap();
        assert!(csp.contains("script-src 'self'") && !csp.contains("unsafe"), "{path}");
        assert_eq!(answer.headers["x-content-type-options"], "nosniff");
        let number = answer.headers["x-request-id"].to_str().unwrap();
        if path == "/fault" {
            assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
            assert!(
                answer.body.contains(number),
                "the page names the number under which the log has the cause"
            );
            assert!(!answer.body.contains("invented"), "the cause is for the log only");
        }
        if path.starts_with("/api/") {
            assert_eq!(answer.headers[header::CONTENT_TYPE], "application/problem+json");
            assert!(answer.body.contains("\"code\":\"http.not_found\""), "{}", answer.body);
        }
    }
}

#[tokio::test]
async fn a_form_from_another_site_changes_nothing() {
    let site = site(false).await;
    let cookie = site.sign_in("wangmin", PASSWORD).await.session();
    let request = Request::post("/sign-out")
        .header(header::COOKIE, &cookie)
        .header("sec-fetch-site", "cross-site")
        .body(Body::empty())
        .unwrap();
    let answer = site.send(request).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert!(answer.body.contains("http.forged_request"));
    assert_eq!(site.get("/review", &cookie).await.status, StatusCode::OK);
}

#[tokio::test]
async fn htmx_gets_the_content_without_the_frame_and_caches_are_told() {
    let site = site(false).await;
    let request = Request::get("/")
        .header("hx-request", "true")
        .header("hx-target", "content")
        .body(Body::empty())
        .unwrap();
    let part = site.send(request).await;
    assert!(part.body.contains("<h1>home</h1>") && !part.body.contains("<html"));
    assert!(part.headers[header::VARY].to_str().unwrap().contains("HX-Request"));
    assert!(site.get("/", "").await.body.contains("<!DOCTYPE html>"));
}
