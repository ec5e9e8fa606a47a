//! Putting the parts together: kinds, calendar, navigation, routers.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use axum::Router;
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use hutong_kernel::{Action, Clock, OpContext, WorkingCalendar};
use hutong_ledger::Ledger;
use hutong_plans::services::DueCount;
use hutong_store::{KindSpec, SqliteOptions, Store, StoreError};
use hutong_web::password::Passwords;
use hutong_web::state::LedgerDoor;
use hutong_web::ui::Icon;
use hutong_web::{App, AppParts, Limits, Messages, NavigationItem};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::timeout::TimeoutLayer;
use tracing::Instrument as _;

use crate::config::Config;
use crate::spine;

/// A file in the data directory that says that its data are synthetic. A demo must never pass for real.
pub const DEMO_MARK: &str = "SYNTHETIC-DATA";

/// All kinds of records.
pub fn kinds() -> Vec<KindSpec> {
    [hutong_store::spine::kinds(), hutong_plans::kinds()].concat()
}

/// Opens the store of a data directory, which is made with mode 0700 if it is not there.
///
/// # Errors
/// As [`Store::open_sqlite`].
pub fn open_store(dir: &Path) -> Result<Store, StoreError> {
    make_private_dir(dir)?;
    Store::open_sqlite(dir, kinds(), SqliteOptions::default())
}

/// Opens the store of a data directory that must be there: a slip in a path must not make an empty district.
///
/// # Errors
/// As [`Store::open_sqlite`]; a fault when there is no store.
pub fn open_existing_store(dir: &Path) -> anyhow::Result<Store> {
    require_store(dir)?;
    Ok(open_store(dir)?)
}

/// Opens the store of a data directory that must be there, for commands that only read: beside the server when
/// one holds the directory.
///
/// # Errors
/// As [`Store::open_sqlite`] and [`Store::open_read_only`]; a fault when there is no store.
pub fn open_store_to_read(dir: &Path) -> anyhow::Result<Store> {
    require_store(dir)?;
    match open_store(dir) {
        Err(StoreError::InUse { .. }) => Ok(open_beside_server(dir)?),
        opened => Ok(opened?),
    }
}

/// Opens the store of a data directory that another process holds.
///
/// # Errors
/// As [`Store::open_read_only`].
pub fn open_beside_server(dir: &Path) -> Result<Store, StoreError> {
    // The server needs the memory more than a command beside it.
    let options = SqliteOptions { readers: 2, cache_kib: 16 * 1024, ..SqliteOptions::default() };
    Store::open_read_only(dir, kinds(), options)
}

fn require_store(dir: &Path) -> anyhow::Result<()> {
    let file = dir.join(hutong_store::sqlite::DATABASE);
    anyhow::ensure!(
        file.try_exists().with_context(|| format!("looking for {}", file.display()))?,
        "there is no data in {}",
        dir.display()
    );
    Ok(())
}

/// Makes the data directory, for its owner alone.
///
/// # Errors
/// `store.read_only`, `store.full`, faults.
pub fn make_private_dir(dir: &Path) -> Result<(), StoreError> {
    use std::os::unix::fs::DirBuilderExt as _;
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(dir)
        .map_err(|error| StoreError::io("making the data directory", dir, error))
}

/// Does the data directory hold a demo?
///
/// # Errors
/// When the directory cannot be read.
pub fn is_demo(dir: &Path) -> std::io::Result<bool> {
    dir.join(DEMO_MARK).try_exists()
}

/// The working calendar that comes with the binary.
///
/// # Errors
/// A data file that cannot be read: a mistake of ours.
pub fn calendar() -> anyhow::Result<WorkingCalendar> {
    hutong_plans::calendar::read_calendar(hutong_plans::calendar::CHINA).context("packs/calendar/cn.toml")
}

/// The words on the left, in order.
fn navigation() -> Vec<NavigationItem> {
    let item = |key, href, action, icon| NavigationItem { key, href, action, icon };
    vec![
        item("nav-home", "/", None, Icon::Home),
        item("nav-import", "/import", Some(Action::ReviewFindings), Icon::Import),
        item("nav-plans", "/plans", Some(Action::ViewReleasedPlans), Icon::Plan),
        item("nav-board", "/board", Some(Action::ViewPlans), Icon::Board),
        item("nav-tasks", "/tasks", Some(Action::ViewReleasedPlans), Icon::Tasks),
        item("nav-indicators", "/indicators", Some(Action::ViewReleasedPlans), Icon::Indicator),
        item("nav-department", "/department", Some(Action::ReportProgress), Icon::Department),
        item("nav-systems", "/systems", Some(Action::ViewPlans), Icon::Systems),
        item("nav-organisations", "/organisations", Some(Action::ViewOrganisations), Icon::Organisations),
        item("nav-persons", "/persons", Some(Action::ViewPersons), Icon::People),
        item("nav-permissions", "/permissions", Some(Action::ViewPermissions), Icon::Shield),
        item("nav-journal", "/journal", Some(Action::ViewJournal), Icon::Journal),
    ]
}

/// What the application is made of.
pub struct Parts {
    /// Records and journal.
    pub store: Store,
    /// The ledger.
    pub ledger: Option<Arc<dyn LedgerDoor>>,
    /// Where the time comes from.
    pub clock: Arc<dyn Clock>,
    /// The data are synthetic.
    pub demo: bool,
    /// All texts.
    pub messages: Messages,
    /// Hashes and checks passwords.
    pub passwords: Passwords,
}

/// The application's shared state.
///
/// # Errors
/// A data file that cannot be read: a mistake of ours.
pub fn app(config: &Config, parts: Parts) -> anyhow::Result<App> {
    let Parts { store, ledger, clock, demo, messages, passwords } = parts;
    let calendar = calendar()?;
    Ok(App::new(AppParts {
        ledger,
        due: Some(Arc::new(DueCount::new(store.clone(), calendar.clone()))),
        store,
        clock,
        district: config.district(demo),
        calendar,
        messages,
        passwords,
        navigation: navigation(),
        limits: Limits {
            upload_bytes_max: config.uploads.document_bytes_max,
            form_bytes_max: config.server.form_bytes_max,
            session_idle: config.sessions.idle_max,
            session_absolute: config.sessions.length_max,
            ..Limits::default()
        },
        https: config.sessions.secure_cookies,
    }))
}

/// All routes in their frame.
pub fn router(app: &App, ledger: Option<Ledger>, request_max: Duration) -> Router {
    let (api, _description) = crate::api::api(app);
    let mut routes = hutong_web::pages().merge(spine::pages()).merge(hutong_plans::pages::pages()).merge(api);
    if let Some(ledger) = ledger {
        routes = routes.route("/ledger/{*path}", get(serve_ledger).with_state(ledger));
    }
    let routes = routes
        .layer(CatchPanicLayer::custom(|_panic: Box<dyn std::any::Any + Send>| {
            // The hook has logged the panic; the frame draws the answer.
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }))
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, request_max))
        .layer(from_fn(log_request));
    hutong_web::frame(app.clone(), routes)
}

/// One line for each request, and its number on every line that is written meanwhile.
///
/// The query is left out: people search for names.
async fn log_request(request: Request, next: Next) -> Response {
    let request_id =
        request.extensions().get::<OpContext>().map(|it| it.request_id.clone()).unwrap_or_default();
    let method = request.method().clone();
    let path = request.uri().path().to_owned();
    let span = tracing::info_span!("request", request_id);
    async move {
        let started = std::time::Instant::now();
        let response = next.run(request).await;
        let duration_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        tracing::info!(duration_ms, "{method} {path} {}", response.status().as_u16());
        response
    }
    .instrument(span)
    .await
}

/// Checkpoint, key and tiles, for everybody who verifies.
async fn serve_ledger(State(ledger): State<Ledger>, request: Request) -> Response {
    match ledger.serve(request.uri().path()).await {
        Some(file) => {
            let headers =
                [(header::CONTENT_TYPE, file.content_type), (header::CACHE_CONTROL, file.cache_control)];
            (headers, file.bytes).into_response()
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
