//! Every page of this context, for every role, in both languages: it is there, it is refused, and no text is missing.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::sync::Arc;

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use hutong_kernel::organisation::OrganisationClass;
use hutong_kernel::{Id, OpContext, OrganisationId, Principal, Role};
use hutong_plans::adopt_plan::OpenDecision;
use hutong_plans::calendar::{CHINA, read_calendar};
use hutong_plans::match_bodies::BodyChoice;
use hutong_plans::services::{AdoptRequest, Plans, Report, StateValue};
use hutong_plans::statement::StatedValue;
use hutong_testkit::{FakeClock, TempStore, context, visitor_context};
use hutong_web::App;
use tower::ServiceExt as _;

struct World {
    /// Kept, so that the folder stays.
    _store: TempStore,
    app: App,
    clock: FakeClock,
    plan: String,
    task: String,
    body: OrganisationId,
    indicators: Vec<String>,
    system: Option<String>,
}

const SAMPLE: &str = include_str!("documents/five_year_plan.txt");

impl World {
    /// A plan in force with a report and a statement that wait.
    async fn new() -> Self {
        let store = TempStore::open(hutong_plans::kinds()).unwrap();
        let clock = FakeClock::at("2026-11-23T01:00:00Z".parse().unwrap());
        let mut parts = hutong_web::testing::parts(
            store.store().clone(),
            Arc::new(clock.clone()),
            hutong_plans::messages(),
        );
        parts.calendar = read_calendar(CHINA).unwrap();
        let app = App::new(parts);
        let supervisor = context(&clock, Role::PlanSupervisor);
        let plans = Plans::new(&app.store, &app.calendar, &supervisor);
        let keeper = hutong_testkit::organisation("区政府办");
        let mut change = app.store.begin(&supervisor, "founded");
        change.create(&keeper);
        change.commit().await.unwrap();
        let reading = plans.receive_document("plan.txt", SAMPLE.into(), "received").await.unwrap();
        plans.accept_confident(reading.id, None, 0, "reviewed").await.unwrap();
        let mut request = AdoptRequest {
            keeper: Some(keeper.id),
            released: true,
            first_day: Some("2026-01-01".parse().unwrap()),
            last_day: Some("2030-12-31".parse().unwrap()),
            ..AdoptRequest::default()
        };
        for decision in plans.open_decisions(reading.id, request.clone()).await.unwrap() {
            match decision {
                OpenDecision::BodyUnknown { name, .. } => {
                    request.bodies.insert(name, BodyChoice::Create { class: OrganisationClass::Department });
                }
                other => panic!("{other:?}"),
            }
        }
        let plan = plans.adopt(reading.id, request, "adopted").await.unwrap();
        let board = plans.board(plan.id).await.unwrap();
        let task = &board.tasks[0].task;
        let body = task.responsible[0];
        let officer = officer(&clock, body);
        let by_officer = Plans::new(&app.store, &app.calendar, &officer);
        let report = Report {
            as_of: None,
            percent: 40,
            narrative: "已完成招标".into(),
            milestones_done: Vec::new(),
            evidence: vec![("证明.pdf".into(), b"%PDF".to_vec())],
            why_less: None,
        };
        by_officer.report_progress(task.id, report, "reported").await.unwrap();
        for it in &board.indicators {
            let owner = self::officer(&clock, it.indicator.owners[0]);
            let value = match it.indicator.target.unit() {
                Some(unit) => StatedValue::Number { quantity: hutong_kernel::Quantity::new(3.into(), unit) },
                None => StatedValue::Judgement { words: "第三位".into(), met: true },
            };
            let value = StateValue {
                value,
                from: None,
                as_of: "2026-09-30".parse().unwrap(),
                source: "统计月报".into(),
                locator: None,
                evidence: Vec::new(),
                supersedes: None,
            };
            let stated = Plans::new(&app.store, &app.calendar, &owner)
                .record_statement(it.indicator.id, value, "stated")
                .await
                .unwrap();
            if it.indicator.number % 2 == 0 {
                plans.check_statement(stated.id, None, "checked").await.unwrap();
            }
        }
        let system = plans.systems_of(plan.id).await.unwrap().first().map(|it| it.id.to_string());
        Self {
            plan: plan.id.to_string(),
            task: task.id.to_string(),
            body,
            indicators: board.indicators.iter().map(|it| it.indicator.id.to_string()).collect(),
            system,
            _store: store,
            clock,
            app,
        }
    }

    async fn ask(&self, ctx: &OpContext, request: Request<Body>) -> (StatusCode, String) {
        let mut request = request;
        request.extensions_mut().insert(ctx.clone());
        let response =
            hutong_plans::pages::pages().with_state(self.app.clone()).oneshot(request).await.unwrap();
        let status = response.status();
        let location =
            response.headers().get(header::LOCATION).and_then(|it| it.to_str().ok()).map(str::to_owned);
        let bytes = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
        (status, location.unwrap_or_else(|| String::from_utf8_lossy(&bytes).into_owned()))
    }

    async fn get(&self, ctx: &OpContext, path: &str, language: &str) -> (StatusCode, String) {
        let request =
            Request::get(path).header(header::ACCEPT_LANGUAGE, language).body(Body::empty()).unwrap();
        self.ask(ctx, request).await
    }

    async fn post(&self, ctx: &OpContext, path: &str, form: &str) -> (StatusCode, String) {
        let request = Request::post(path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(form.to_owned()))
            .unwrap();
        self.ask(ctx, request).await
    }

    fn paths(&self) -> Vec<String> {
        let plan = &self.plan;
        let mut paths = vec![
            "/".into(),
            "/plans".into(),
            "/plans/export.csv".into(),
            format!("/plans/{plan}"),
            format!("/plans/{plan}/board"),
            format!("/plans/{plan}/tasks"),
            format!("/plans/{plan}/indicators"),
            format!("/plans/{plan}/systems"),
            "/board".into(),
            "/tasks".into(),
            "/tasks?light=not_started&q=x".into(),
            "/tasks/export.csv".into(),
            format!("/tasks/{}", self.task),
            "/indicators".into(),
            "/indicators/export.csv".into(),
            "/department".into(),
        ];
        paths.extend(self.indicators.iter().map(|id| format!("/indicators/{id}")));
        paths.extend(self.system.iter().map(|id| format!("/systems/{id}")));
        paths
    }
}

fn officer(clock: &FakeClock, body: OrganisationId) -> OpContext {
    let mut ctx = context(clock, Role::DepartmentOfficer);
    if let Principal::Person { organisation, .. } = &mut ctx.principal {
        *organisation = Some(body);
    }
    ctx
}

#[tokio::test]
async fn every_page_is_there_for_every_role_in_both_languages() {
    let world = World::new().await;
    let mut visitors: Vec<OpContext> =
        Role::ALL.into_iter().skip(1).map(|role| context(&world.clock, role)).collect();
    visitors.push(visitor_context(&world.clock));
    visitors.push(officer(&world.clock, world.body));
    for ctx in &visitors {
        for path in world.paths() {
            for language in ["zh-CN", "en"] {
                let (status, body) = world.get(ctx, &path, language).await;
                assert_eq!(status, StatusCode::OK, "{path} for {:?} in {language}: {body}", ctx.principal);
                assert!(!body.contains("onclick=") && !body.contains("<script>"), "{path}");
            }
        }
    }
}

#[tokio::test]
async fn a_department_reports_on_its_own_tasks_only_and_sees_what_is_missing() {
    let world = World::new().await;
    let (own, stranger) = (officer(&world.clock, world.body), context(&world.clock, Role::DepartmentOfficer));
    let task = format!("/tasks/{}", world.task);
    assert!(world.get(&own, &task, "en").await.1.contains("id=\"report\""));
    assert!(!world.get(&stranger, &task, "en").await.1.contains("id=\"report\""));
    let form = "--b\r\nContent-Disposition: form-data; name=\"percent\"\r\n\r\n101\r\n\
                --b\r\nContent-Disposition: form-data; name=\"as_of\"\r\n\r\n2026-11-20\r\n\
                --b\r\nContent-Disposition: form-data; name=\"narrative\"\r\n\r\nkept words\r\n--b--\r\n";
    let send = || {
        Request::post(format!("{task}/report"))
            .header(header::CONTENT_TYPE, "multipart/form-data; boundary=b")
            .body(Body::from(form))
            .unwrap()
    };
    let (status, body) = world.ask(&own, send()).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        body.contains("plans.report.percent_too_high") && body.contains("kept words"),
        "what was typed is kept"
    );
    assert_eq!(world.ask(&stranger, send()).await.0, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_report_is_checked_from_the_tasks_page() {
    let world = World::new().await;
    let supervisor = context(&world.clock, Role::PlanSupervisor);
    let plans = Plans::new(&world.app.store, &world.app.calendar, &supervisor);
    let (reports, _) = plans.to_check().await.unwrap();
    let report = reports[0].what.id;
    let (_, page) = world.get(&supervisor, &format!("/tasks/{}", world.task), "en").await;
    assert!(page.contains(&format!("/reports/{report}/check")));
    let (status, to) = world.post(&supervisor, &format!("/reports/{report}/check"), "version=1").await;
    assert_eq!((status, to), (StatusCode::SEE_OTHER, format!("/tasks/{}", world.task)));
    let (status, _) = world.post(&supervisor, &format!("/reports/{report}/return"), "why=x").await;
    assert_eq!(status, StatusCode::CONFLICT, "what was checked is not returned");
    let file = reports[0].what.evidence[0].id.uuid();
    let (status, bytes) = world.get(&supervisor, &format!("/reports/{report}/evidence/{file}"), "en").await;
    assert_eq!((status, bytes.as_str()), (StatusCode::OK, "%PDF"));
    let visitor = visitor_context(&world.clock);
    let refused = world.get(&visitor, &format!("/reports/{report}/evidence/{file}"), "en").await.0;
    assert_eq!(refused, StatusCode::UNAUTHORIZED, "evidence is not public with the plan");
}

#[tokio::test]
async fn a_task_is_changed_with_a_reason_and_names_of_bodies() {
    let world = World::new().await;
    let supervisor = context(&world.clock, Role::PlanSupervisor);
    let edit = format!("/tasks/{}/edit", world.task);
    assert_eq!(world.get(&supervisor, &edit, "zh-CN").await.0, StatusCode::OK);
    let form = |body: &str| {
        format!(
            "title=T&content=C&responsible={body}&cooperating=&deadline=2027-06-30&weight=2&milestones=2026-12-31+tender&reason=agreed"
        )
    };
    let (status, body) = world.post(&supervisor, &edit, &form("nobody")).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{body}");
    assert!(body.contains("plans.form.unreadable"));
    let name = "%E5%8C%BA%E6%94%BF%E5%BA%9C%E5%8A%9E";
    let (status, to) = world.post(&supervisor, &edit, &form(name)).await;
    assert_eq!((status, to), (StatusCode::SEE_OTHER, format!("/tasks/{}", world.task)));
}

#[test]
fn both_languages_say_the_same_things_and_every_refusal_has_a_text() {
    assert_eq!(hutong_web::messages::gaps(hutong_plans::messages()), Vec::<String>::new());
    let words =
        hutong_web::testing::words_of(hutong_kernel::district::Language::English, hutong_plans::messages());
    for code in hutong_plans::refusal_codes() {
        let key = hutong_web::messages::key_of_code(code);
        assert!(words.messages.has(words.lang, &key), "no text for {code}");
    }
}
