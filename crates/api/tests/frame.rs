//! The frame around a small resource: organisations that can be listed, read, made and renamed.

#![expect(clippy::unwrap_used, reason = "a test stops where it fails")]

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::State;
use axum::http::{Request, StatusCode, header};
use axum::response::{IntoResponse, Response};
use hutong_api::call::{Parameters, Path};
use hutong_api::state::Values;
use hutong_api::{
    ApiError, ApiState, Call, Command, List, OpenApiRouter, Paging, assemble, created, routes, versioned,
};
use hutong_kernel::district::Language;
use hutong_kernel::{Action, OpContext, Organisation, OrganisationId, Role};
use hutong_store::{Query, Store};
use hutong_testkit::{FakeClock, TempStore, context, organisation, visitor_context};
use insta::assert_snapshot;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tower::ServiceExt as _;
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
struct PublicBody {
    id: String,
    name: String,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Name {
    name: String,
}

#[utoipa::path(get, path = "/bodies", responses((status = 200, body = List<PublicBody>)), params(Paging))]
async fn list_bodies(
    State(store): State<Store>,
    _call: Call,
    Parameters(paging): Parameters<Paging>,
) -> Result<List<PublicBody>, ApiError> {
    let page = store.list::<Organisation>(paging.apply(Query::all())?).await?;
    Ok(List::of(page, |it| PublicBody { id: it.id.to_string(), name: it.record.name }))
}

#[utoipa::path(get, path = "/bodies/{id}", responses((status = 200, body = PublicBody)), params(("id" = String, Path)))]
async fn read_body(
    State(store): State<Store>,
    call: Call,
    Path(id): Path<OrganisationId>,
) -> Result<Response, ApiError> {
    let found = store.get::<Organisation>(id).await?.ok_or_else(ApiError::not_found)?;
    Ok(versioned(&call, found.version, PublicBody { id: id.to_string(), name: found.record.name }))
}

#[utoipa::path(post, path = "/bodies", request_body = Name, responses((status = 201, body = PublicBody)))]
async fn make_body(State(store): State<Store>, command: Command<Name>) -> Result<Response, ApiError> {
    command.require(Action::KeepOrganisations)?;
    let mut change = store.begin(&command.ctx, "made by a test");
    let mut body = organisation(&command.body.name);
    body.id = change.new_id();
    change.create(&body);
    change.request_digest(command.digest);
    let receipt = change.commit().await?.remove(0);
    let id = receipt.id.to_string();
    let path = format!("/api/v1/bodies/{id}");
    Ok(created(&path, receipt.version, !receipt.replayed, PublicBody { id, name: body.name }))
}

#[utoipa::path(put, path = "/bodies/{id}", request_body = Name, responses((status = 200, body = PublicBody)), params(("id" = String, Path)))]
async fn rename_body(
    State(store): State<Store>,
    Path(id): Path<OrganisationId>,
    command: Command<Name>,
) -> Result<Response, ApiError> {
    command.require(Action::KeepOrganisations)?;
    let expected = command.expected()?;
    let mut body = store.get::<Organisation>(id).await?.ok_or_else(ApiError::not_found)?.record;
    body.name.clone_from(&command.body.name);
    let mut change = store.begin(&command.ctx, "renamed by a test");
    change.update(expected, &body);
    let receipt = change.commit().await?.remove(0);
    let answer = axum::Json(PublicBody { id: id.to_string(), name: body.name });
    Ok(([(header::ETAG, hutong_api::etag::tag(receipt.version))], answer).into_response())
}

#[utoipa::path(get, path = "/broken", responses((status = 200)))]
async fn broken() -> Result<Response, ApiError> {
    Err(ApiError::fault(std::io::Error::other("the disk is on fire")))
}

struct Door {
    router: Router,
    clock: FakeClock,
    /// Holds the folder as long as the router.
    _store: TempStore,
}

impl Door {
    fn open() -> Self {
        let temporary = TempStore::open(Vec::new()).unwrap();
        let clock = FakeClock::default();
        let store = temporary.store().clone();
        let texts = |language: Language, id: &str, values: Values<'_>| {
            let known = id.starts_with("api-") || id.starts_with("store-") || id.starts_with("access-");
            let values: Vec<String> = values.iter().map(|(name, value)| format!("{name}={value}")).collect();
            known.then(|| format!("[{}] {id} {}", language.tag(), values.join(" ")).trim_end().to_owned())
        };
        let state = ApiState { store: store.clone(), clock: Arc::new(clock.clone()), texts: Arc::new(texts) };
        let contexts = OpenApiRouter::new()
            .routes(routes!(list_bodies, make_body))
            .routes(routes!(read_body, rename_body))
            .routes(routes!(broken));
        let (router, _) = assemble(contexts, state);
        Self { router: router.with_state(store), clock, _store: temporary }
    }

    /// Sends a request: its first line, then its headers, one a line.
    async fn ask(&self, ctx: Option<OpContext>, request: &str, body: &str) -> Answer {
        let mut lines = request.lines();
        let (method, path) = lines.next().unwrap().split_once(' ').unwrap();
        let mut builder = Request::builder().method(method).uri(path);
        for line in lines {
            let (name, value) = line.split_once(':').unwrap();
            builder = builder.header(name, value.trim());
        }
        let mut request = builder.body(Body::from(body.to_owned())).unwrap();
        if let Some(ctx) = ctx {
            request.extensions_mut().insert(ctx);
        }
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, usize::MAX).await.unwrap();
        Answer {
            status: parts.status,
            headers: parts.headers,
            text: String::from_utf8(bytes.to_vec()).unwrap(),
        }
    }

    /// As the administrator who may do everything here.
    async fn check(&self, request: &str, body: &str) -> Answer {
        self.ask(Some(context(&self.clock, Role::SystemAdministrator)), request, body).await
    }
}

struct Answer {
    status: StatusCode,
    headers: axum::http::HeaderMap,
    text: String,
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap()
    }

    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// Status, code and detail of a problem document, checked to be one.
    fn problem(&self) -> String {
        assert_eq!(self.header("content-type"), "application/problem+json", "{}", self.text);
        let json = self.json();
        assert_eq!(json["status"], self.status.as_u16());
        assert_eq!(json["type"], format!("/api/v1/problems/{}", json["code"].as_str().unwrap()));
        assert_ne!(json["request_id"], "");
        format!(
            "{} {}: {}",
            self.status.as_u16(),
            json["code"].as_str().unwrap(),
            json["detail"].as_str().unwrap()
        )
    }
}

const JSON: &str = "content-type: application/json";

#[tokio::test]
async fn a_record_is_made_read_and_changed_by_its_version() {
    let door = Door::open();
    let made = door.check(&format!("POST /api/v1/bodies\n{JSON}"), r#"{"name":"财政局"}"#).await;
    assert_eq!((made.status, made.header("etag")), (StatusCode::CREATED, "\"v1\""), "{}", made.text);
    let path = made.header("location").to_owned();

    let read = door.check(&format!("GET {path}"), "").await;
    assert_eq!((read.status, read.header("etag")), (StatusCode::OK, "\"v1\""));
    assert_eq!(read.json()["name"], "财政局");
    let same = door.check(&format!("GET {path}\nif-none-match: \"v1\""), "").await;
    assert_eq!((same.status, same.text.as_str()), (StatusCode::NOT_MODIFIED, ""));

    let renamed =
        door.check(&format!("PUT {path}\n{JSON}\nif-match: \"v1\""), r#"{"name":"财政和国资局"}"#).await;
    assert_eq!((renamed.status, renamed.header("etag")), (StatusCode::OK, "\"v2\""), "{}", renamed.text);

    let stale = door.check(&format!("PUT {path}\n{JSON}\nif-match: \"v1\""), r#"{"name":"x"}"#).await;
    assert!(stale.problem().starts_with("412 store.conflict"), "{}", stale.text);
    let blind = door.check(&format!("PUT {path}\n{JSON}"), r#"{"name":"x"}"#).await;
    assert_snapshot!(blind.problem(), @"428 api.if_match_missing: [zh-CN] api-if_match_missing");
    let odd = door.check(&format!("PUT {path}\n{JSON}\nif-match: W/\"v2\""), r#"{"name":"x"}"#).await;
    assert_snapshot!(odd.problem(), @"400 api.if_match_malformed: [zh-CN] api-if_match_malformed");
}

#[tokio::test]
async fn a_repeated_request_with_its_key_changes_nothing_more() {
    let door = Door::open();
    let request = format!("POST /api/v1/bodies\n{JSON}\nidempotency-key: key-1");
    let first = door.check(&request, r#"{"name":"一局"}"#).await;
    let again = door.check(&request, r#"{"name":"一局"}"#).await;
    assert_eq!(first.header("location"), again.header("location"));
    assert_eq!((first.header("idempotency-replayed"), again.header("idempotency-replayed")), ("", "true"));
    let other = door.check(&request, r#"{"name":"二局"}"#).await;
    assert!(other.problem().starts_with("422 store.idempotency_key_reused"), "{}", other.text);
    let list = door.check("GET /api/v1/bodies", "").await.json();
    assert_eq!((list["count"].as_u64(), list["count_exact"].as_bool()), (Some(1), Some(true)));
    let empty =
        door.check(&format!("POST /api/v1/bodies\n{JSON}\nidempotency-key:"), r#"{"name":"x"}"#).await;
    assert_snapshot!(empty.problem(), @"400 api.idempotency_key: [zh-CN] api-idempotency_key");
}

#[tokio::test]
async fn a_list_is_read_page_by_page() {
    let door = Door::open();
    for number in 0..5 {
        let body = format!(r#"{{"name":"{number}局"}}"#);
        let made = door.check(&format!("POST /api/v1/bodies\n{JSON}"), &body).await;
        assert_eq!(made.status, StatusCode::CREATED);
    }
    let mut names = Vec::new();
    let mut path = "/api/v1/bodies?limit=2".to_owned();
    loop {
        let answer = door.check(&format!("GET {path}"), "").await;
        let page = answer.json();
        let items = page["items"].as_array().unwrap();
        names.extend(items.iter().map(|it| it["name"].as_str().unwrap().to_owned()));
        let Some(next) = page["next"].as_str() else { break };
        assert!(answer.header("link").contains(next));
        path = format!("/api/v1/bodies?limit=2&cursor={next}");
    }
    assert_eq!(names, ["0局", "1局", "2局", "3局", "4局"]);
    for bad in ["limit=0", "limit=201", "limit=many", "cursor=x"] {
        let answer = door.check(&format!("GET /api/v1/bodies?{bad}"), "").await;
        assert!(answer.problem().starts_with("400 api.parameter"), "{bad}: {}", answer.text);
    }
}

#[tokio::test]
async fn a_body_that_cannot_be_read_says_where_and_why() {
    let door = Door::open();
    let request = format!("POST /api/v1/bodies\n{JSON}");
    let cut = door.check(&request, "{\"name\":\n\"x\"").await;
    assert_snapshot!(cut.problem(), @"400 api.malformed: [zh-CN] api-malformed line=2 column=3");
    let strange = door.check(&request, r#"{"nam":"x"}"#).await;
    assert_snapshot!(
        strange.problem(),
        @"422 api.wrong_shape: [zh-CN] api-wrong_shape what=unknown field `nam`, expected `name` at line 1 column 6"
    );
    let deep = door.check(&request, &"[".repeat(100_000)).await;
    assert!(deep.problem().starts_with('4'), "{}", deep.text);
    let large = format!(r#"{{"name":"{}"}}"#, "x".repeat(hutong_api::JSON_BODY_BYTES_MAX));
    assert_snapshot!(door.check(&request, &large).await.problem(), @"413 api.too_large: [zh-CN] api-too_large limit=1048576");
    let plain = "POST /api/v1/bodies\ncontent-type: text/plain\nsec-fetch-site: same-origin";
    assert_snapshot!(door.check(plain, "{}").await.problem(), @"415 api.not_json: [zh-CN] api-not_json");
}

#[tokio::test]
async fn a_foreign_page_changes_nothing() {
    let door = Door::open();
    let forged = format!("POST /api/v1/bodies\n{JSON}\nsec-fetch-site: cross-site");
    assert_snapshot!(door.check(&forged, r#"{"name":"x"}"#).await.problem(), @"403 api.forged: [zh-CN] api-forged");
    let form = "POST /api/v1/bodies\ncontent-type: application/x-www-form-urlencoded";
    assert_snapshot!(door.check(form, "name=x").await.problem(), @"415 api.not_json: [zh-CN] api-not_json");
    assert_eq!(door.check("GET /api/v1/bodies", "").await.json()["count"], 0);
}

#[tokio::test]
async fn every_error_is_a_problem_in_the_callers_language() {
    let door = Door::open();
    let answer = door.check("GET /api/v1/nothing\naccept-language: en-GB, zh;q=0.5", "").await;
    assert_snapshot!(answer.problem(), @"404 api.not_found: [en] api-not_found");
    assert_eq!(
        (answer.header("content-language"), answer.json()["title"].as_str()),
        ("en", Some("[en] api-title-404"))
    );
    let no_id = door.check("GET /api/v1/bodies/no-id", "").await;
    assert_snapshot!(no_id.problem(), @"404 api.not_found: [zh-CN] api-not_found");

    let method = door.check("DELETE /api/v1/bodies", "").await;
    assert_snapshot!(method.problem(), @"405 api.method_not_allowed: [zh-CN] api-method_not_allowed");
    assert_eq!(method.header("allow"), "GET,HEAD,POST");
    let unread = door.check("POST /api/v1/broken\ncontent-type: text/plain", "x").await;
    assert_eq!(unread.status, StatusCode::METHOD_NOT_ALLOWED, "the method is told before the type");

    let fault = door.check("GET /api/v1/broken", "").await;
    assert!(fault.problem().starts_with("500 api.fault"), "{}", fault.text);
    assert!(!fault.text.contains("fire"), "what the operator must know is not the caller's business");
}

#[tokio::test]
async fn the_permission_table_answers_for_visitors_and_for_the_signed_in() {
    let door = Door::open();
    let request = format!("POST /api/v1/bodies\n{JSON}");
    let visitor = door.ask(Some(visitor_context(&door.clock)), &request, r#"{"name":"x"}"#).await;
    assert!(visitor.problem().starts_with("401 access.sign_in"), "{}", visitor.text);
    let officer =
        door.ask(Some(context(&door.clock, Role::DepartmentOfficer)), &request, r#"{"name":"x"}"#).await;
    assert!(officer.problem().starts_with("403 access.denied"), "{}", officer.text);
}

#[tokio::test]
async fn the_description_holds_every_route_and_says_what_an_error_looks_like() {
    let door = Door::open();
    let index = door.check("GET /api/v1", "").await.json();
    assert_eq!(index["openapi"], "/api/v1/openapi.json");
    assert_eq!(index["collections"]["bodies"], "/api/v1/bodies");

    let document = door.check("GET /api/v1/openapi.json", "").await.json();
    assert_eq!(document["openapi"], "3.1.0");
    let paths = document["paths"].as_object().unwrap();
    let operations: Vec<String> = paths
        .iter()
        .flat_map(|(path, item)| {
            item.as_object().unwrap().keys().map(move |method| format!("{method} {path}"))
        })
        .collect();
    assert_snapshot!(operations.join("\n"), @r"
    get /api/v1
    get /api/v1/bodies
    post /api/v1/bodies
    get /api/v1/bodies/{id}
    put /api/v1/bodies/{id}
    get /api/v1/broken
    get /api/v1/openapi.json
    get /api/v1/problems/{code}
    ");
    for operation in paths.values().flat_map(|item| item.as_object().unwrap().values()) {
        let problem =
            &operation["responses"]["default"]["content"]["application/problem+json"]["schema"]["$ref"];
        assert_eq!(problem, "#/components/schemas/Problem");
    }
    assert!(document["components"]["schemas"]["Problem"]["properties"]["code"].is_object());
}

#[tokio::test]
async fn a_problems_type_leads_to_its_texts() {
    let door = Door::open();
    let kind = door.check("GET /api/v1/problems/api.not_found", "").await.json();
    assert_eq!(kind["texts"]["en"], "[en] api-not_found");
    assert_eq!(kind["texts"]["zh-CN"], "[zh-CN] api-not_found");
    for unknown in ["nothing.known", "api-title-404", "API.NOT_FOUND", "%00"] {
        let answer = door.check(&format!("GET /api/v1/problems/{unknown}"), "").await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{unknown}");
    }
}

#[tokio::test]
async fn without_the_sessions_layer_nothing_is_answered() {
    let door = Door::open();
    let answer = door.ask(None, "GET /api/v1/bodies", "").await;
    assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
}
