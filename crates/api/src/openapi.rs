//! One API out of the contexts' routers, and its description.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::{Extension, Router};
use utoipa::openapi::path::{Operation, PathItem};
use utoipa::openapi::security::{ApiKey, ApiKeyValue, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{Content, InfoBuilder, LicenseBuilder, OpenApi, Ref, RefOr, ResponseBuilder};
use utoipa::{PartialSchema, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::index::{self, Document};
use crate::problem::{ApiError, FieldProblem, MEDIA_TYPE, Problem, draw};
use crate::refusal::ApiRefusal;
use crate::state::ApiState;
use crate::{JSON_BODY_BYTES_MAX, ROOT, guard};

/// Name of the session's cookie, as the pages set it.
pub const SESSION_COOKIE: &str = "hutong_session";

/// Puts the contexts' routers below [`ROOT`] with the frame around them, and describes the whole.
///
/// `contexts` are routers whose paths begin below [`ROOT`], e.g. `/plans`. The session's layer stands outside: it
/// puts the `OpContext` beside each request. The returned description is what `/api/v1/openapi.json` serves; the
/// binary locks it by a snapshot.
pub fn assemble<S>(contexts: OpenApiRouter<S>, state: ApiState) -> (Router<S>, OpenApi)
where
    S: Clone + Send + Sync + 'static,
{
    let about = OpenApiRouter::new()
        .routes(routes!(index::read_index))
        .routes(routes!(index::read_description))
        .routes(routes!(index::read_problem_kind));
    let (router, openapi) = OpenApiRouter::new().nest(ROOT, about.merge(contexts)).split_for_parts();
    let openapi = describe(openapi);
    let document = Document {
        // A description that cannot be written is a mistake of ours that the first start shows.
        json: openapi.to_pretty_json().unwrap_or_else(|error| format!("{{\"openapi\":\"{error}\"}}")),
        collections: collections(&openapi),
    };
    let router = router
        // Only where there is something to change: an unknown address or method is told as such, whatever it carries.
        .route_layer(from_fn(guard::refuse_forged))
        .route(&format!("{ROOT}/{{*rest}}"), axum::routing::any(not_found))
        .method_not_allowed_fallback(method_not_allowed)
        .layer(DefaultBodyLimit::max(JSON_BODY_BYTES_MAX))
        .layer(Extension(Arc::new(document)))
        .layer(Extension(state.clone()))
        .layer(from_fn_with_state(state, draw));
    (router, openapi)
}

async fn not_found() -> ApiError {
    ApiError::not_found()
}

async fn method_not_allowed() -> ApiError {
    ApiRefusal::MethodNotAllowed.into()
}

/// Adds what all resources share: who we are, how to sign in, what an error looks like.
fn describe(mut openapi: OpenApi) -> OpenApi {
    openapi.info = InfoBuilder::new()
        .title("Hutong")
        .version("1")
        .description(Some(
            "Plans, targets, tasks and their lights, with the journal behind them. Sign in with \
             `POST /api/v1/session`; the cookie that it sets is the session of the pages too. Changing requests are \
             JSON. `If-Match` names the version that a change was made for; `Idempotency-Key` makes a repeated \
             request harmless. Errors are problem documents (RFC 9457) with a stable `code`; their texts follow \
             `Accept-Language` (zh-CN, en).",
        ))
        .license(Some(LicenseBuilder::new().name("Apache-2.0").identifier(Some("Apache-2.0")).build()))
        .build();
    let components = openapi.components.get_or_insert_default();
    components.schemas.insert(Problem::name().into_owned(), Problem::schema());
    components.schemas.insert(FieldProblem::name().into_owned(), FieldProblem::schema());
    components.add_security_scheme(
        "session",
        SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::with_description(
            SESSION_COOKIE,
            "Set by POST /api/v1/session",
        ))),
    );
    openapi.security = Some(vec![
        SecurityRequirement::new::<_, [&str; 0], &str>("session", []),
        // What is released may be read without signing in.
        SecurityRequirement::default(),
    ]);
    for item in openapi.paths.paths.values_mut() {
        for operation in operations(item) {
            operation.responses.responses.entry("default".to_owned()).or_insert_with(|| {
                let content = Content::new(Some(RefOr::<utoipa::openapi::Schema>::Ref(
                    Ref::from_schema_name(Problem::name()),
                )));
                RefOr::T(
                    ResponseBuilder::new()
                        .description("A problem (RFC 9457)")
                        .content(MEDIA_TYPE, content)
                        .build(),
                )
            });
        }
    }
    openapi
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    [&mut item.get, &mut item.put, &mut item.post, &mut item.delete, &mut item.patch].into_iter().flatten()
}

/// The lists to begin with: paths that can be read and have no parameter.
fn collections(openapi: &OpenApi) -> BTreeMap<String, String> {
    let readable = openapi.paths.paths.iter().filter(|(_, item)| item.get.is_some()).map(|(path, _)| path);
    readable
        .filter_map(|path| {
            let name = path.strip_prefix(ROOT)?.strip_prefix('/')?;
            let plain = !name.is_empty() && !name.contains(['/', '{', '.']);
            plain.then(|| (name.to_owned(), path.clone()))
        })
        .collect()
}
