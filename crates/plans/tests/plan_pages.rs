//! The pages of plans, boards, indicators and systems, asked by people of different roles.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on must stop")]

use std::sync::Arc;

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use axum::{Extension, Router};
use hutong_kernel::{
    IndicatorId, OpContext, OrganisationId, PlanId, Quantity, Role, SystemId, TaskId, Unit, WorkingCalendar,
};
use hutong_plans::indicator::{Baseline, Binding, Deadline, EntryMode, Indicator};
use hutong_plans::plan::{Plan, PlanStatus};
use hutong_plans::services::Plans;
use hutong_plans::source::SourceRef;
use hutong_plans::system::{PlannedSystem, SystemStatus};
use hutong_plans::target::{Level, Target, Tolerance};
use hutong_plans::task::{Progress, Task, TaskStatus};
use hutong_testkit::{FakeClock, TempStore, context, date, organisation, system_context, visitor_context};
use hutong_web::App;
use tower::ServiceExt as _;

struct Site {
    router: Router,
    app: App,
    clock: Arc<FakeClock>,
    plan: PlanId,
    indicator: IndicatorId,
    words: IndicatorId,
    system: SystemId,
    _temp: TempStore,
}

struct Answer {
    status: StatusCode,
    location: String,
    body: String,
}

fn plan(id: PlanId, keeper: OrganisationId) -> Plan {
    Plan {
        id,
        title: "数字胡同行动计划".into(),
        issuer: Some("区政府办公室".into()),
        document_number: None,
        issued_on: Some(date("2026-01-05")),
        first_day: date("2026-01-01"),
        last_day: date("2028-12-31"),
        version: 1,
        supersedes: None,
        basis: vec!["上位规划".into()],
        approvals: Vec::new(),
        released: true,
        status: PlanStatus::InForce,
        in_force_since: Some(date("2026-11-01")),
        imported_copy: false,
        keeper: Some(keeper),
        document: None,
        reading: None,
    }
}

fn task(id: TaskId, plan: PlanId, number: u32, owner: OrganisationId, action: Option<&str>) -> Task {
    Task {
        id,
        plan,
        number,
        heading: Some("一、重点任务".into()),
        special_action: action.map(str::to_owned),
        title: format!("任务{number}"),
        content: "建成并投入使用".into(),
        responsible: vec![owner],
        cooperating: Vec::new(),
        responsible_words: String::new(),
        cooperating_words: String::new(),
        owner_by_default: false,
        basis: Vec::new(),
        start: date("2026-01-01"),
        deadline: Deadline {
            day: date(if number == 1 { "2026-10-31" } else { "2028-12-31" }),
            by_default: false,
        },
        milestones: Vec::new(),
        weight: 1,
        indicators: Vec::new(),
        systems: Vec::new(),
        progress: None,
        status: TaskStatus::Open,
        place: None,
        finding: None,
    }
}

fn indicator(id: IndicatorId, plan: PlanId, number: u32, owner: OrganisationId, target: Target) -> Indicator {
    Indicator {
        id,
        plan,
        number,
        name: format!("指标{number}"),
        target,
        words: "约200个".into(),
        binding: Binding::Expected,
        entry_mode: EntryMode::Stock,
        baseline: Some(Baseline {
            day: date("2025-12-31"),
            value: Some(Quantity::new(100.into(), Unit::parse("个"))),
            source: SourceRef::titled("年报"),
            statement: None,
        }),
        start: date("2026-01-01"),
        deadline: Deadline { day: date("2028-12-31"), by_default: true },
        path: Vec::new(),
        owners: vec![owner],
        weight: 1,
        place: None,
        finding: None,
    }
}

async fn site() -> Site {
    let clock = Arc::new(FakeClock::at("2026-11-23T01:00:00Z".parse().unwrap()));
    let temp = TempStore::open(hutong_plans::kinds()).unwrap();
    let store = temp.store().clone();
    let officer = context(&*clock, Role::DepartmentOfficer);
    let mut own = organisation("区数据局");
    own.id = officer.principal.organisation().unwrap();
    let other = organisation("区城管委");
    let mut change = store.begin(&system_context(&*clock, "test"), "laid out for a test");
    let id: PlanId = change.new_id();
    let (first, second): (IndicatorId, IndicatorId) = (change.new_id(), change.new_id());
    let system: SystemId = change.new_id();
    let about = Level::About {
        value: Quantity::new(200.into(), Unit::parse("个")),
        tolerance: Tolerance::by_default(),
    };
    change.create(&own);
    change.create(&other);
    change.create(&plan(id, own.id));
    for (number, owner, action) in
        [(1, own.id, Some("场景行动")), (2, other.id, Some("场景行动")), (3, own.id, None)]
    {
        let task_id: TaskId = change.new_id();
        let mut task = task(task_id, id, number, owner, action);
        if number == 2 {
            task.progress =
                Some(Progress { percent: 40, as_of: date("2026-09-30"), report: change.new_id() });
        }
        change.create(&task);
    }
    change.create(&indicator(first, id, 1, own.id, Target::level(about)));
    change.create(&indicator(second, id, 2, own.id, Target::Milestone { words: "建成平台".into() }));
    change.create(&PlannedSystem {
        id: system,
        name: "胡同感知平台".into(),
        status: SystemStatus::Build,
        owner: None,
        plan: id,
        tasks: Vec::new(),
        place: None,
        finding: None,
    });
    change.commit().await.unwrap();
    let texts = [hutong_plans::messages(), hutong_api::messages()].concat();
    let app = App::new(hutong_web::testing::parts(store.clone(), clock.clone(), &texts));
    let job = system_context(&*clock, "lights");
    Plans::new(&store, &WorkingCalendar::default(), &job).refresh_lights().await.unwrap();
    let router = hutong_plans::pages::pages().with_state(app.clone());
    Site { router, app, clock, plan: id, indicator: first, words: second, system, _temp: temp }
}

impl Site {
    fn ctx(&self, role: Role) -> OpContext {
        if role == Role::Visitor { visitor_context(&*self.clock) } else { context(&*self.clock, role) }
    }

    async fn send(&self, role: Role, request: Request<Body>) -> Answer {
        let router = self.router.clone().layer(Extension(self.ctx(role)));
        let response = router.oneshot(request).await.unwrap();
        let status = response.status();
        let location = response.headers().get(header::LOCATION).map(|it| it.to_str().unwrap().to_owned());
        let body = axum::body::to_bytes(response.into_body(), 4 << 20).await.unwrap();
        let body = String::from_utf8_lossy(&body).into_owned();
        Answer { status, location: location.unwrap_or_default(), body }
    }

    async fn get(&self, role: Role, path: &str) -> Answer {
        self.send(role, Request::get(path).body(Body::empty()).unwrap()).await
    }

    async fn post(&self, role: Role, path: &str, form: &str) -> Answer {
        let request = Request::post(path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(form.to_owned()))
            .unwrap();
        self.send(role, request).await
    }

    /// Sends a form that may carry files.
    async fn post_parts(&self, role: Role, path: &str, fields: &[(&str, &str)]) -> Answer {
        let mut body = String::new();
        for (name, value) in fields {
            body.push_str(&format!(
                "--part\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
            ));
        }
        body.push_str("--part--\r\n");
        let request = Request::post(path)
            .header(header::CONTENT_TYPE, "multipart/form-data; boundary=part")
            .body(Body::from(body))
            .unwrap();
        self.send(role, request).await
    }

    fn plan_page(&self, rest: &str) -> String {
        format!("/plans/{}{rest}", self.plan)
    }

    fn indicator_page(&self, rest: &str) -> String {
        format!("/indicators/{}{rest}", self.indicator)
    }

    async fn plan_record(&self) -> hutong_store::Stored<Plan> {
        self.app.store.get::<Plan>(self.plan).await.unwrap().unwrap()
    }
}

const VALUE: [(&str, &str); 5] = [
    ("value", "130"),
    ("unit", "个"),
    ("as_of", "2026-09-30"),
    ("source", "季度报表"),
    ("reason", "第三季度"),
];

/// The path of the newest statement's page, as the indicator's page links it.
fn statement_path(page: &str) -> String {
    let at = page.find("/statements/0").expect("a statement is linked");
    let start = page[..at].rfind('"').unwrap() + 1;
    let end = at + page[at..].find('"').unwrap();
    page[start..end].to_owned()
}

#[tokio::test]
async fn every_page_speaks_both_languages() {
    let site = site().await;
    let paths = [
        "/plans".to_owned(),
        site.plan_page(""),
        site.plan_page("/board"),
        site.plan_page("/board?group=department&sort=-deadline&q=1"),
        site.plan_page("/tasks"),
        site.plan_page("/tasks?light=unknown"),
        site.plan_page("/indicators"),
        site.plan_page("/systems"),
        site.plan_page("/document"),
        site.plan_page("/release"),
        site.plan_page("/withdraw"),
        site.indicator_page(""),
        site.indicator_page("/edit"),
        site.indicator_page("/baseline"),
        format!("/indicators/{}", site.words),
        format!("/indicators/{}/edit", site.words),
        "/systems".to_owned(),
        format!("/systems/{}", site.system),
        format!("/systems/{}/edit", site.system),
    ];
    for path in paths {
        for language in ["zh-CN", "en"] {
            let request = Request::get(&path).header(header::COOKIE, format!("hutong_language={language}"));
            let answer = site.send(Role::PlanSupervisor, request.body(Body::empty()).unwrap()).await;
            assert_eq!(answer.status, StatusCode::OK, "{path} in {language}");
            assert!(answer.body.contains("<h1>"), "{path}");
        }
    }
}

#[tokio::test]
async fn a_released_plan_is_public_and_another_does_not_exist_for_visitors() {
    let site = site().await;
    for rest in ["", "/board", "/tasks", "/indicators", "/systems", "/tasks.csv", "/indicators.csv"] {
        assert_eq!(site.get(Role::Visitor, &site.plan_page(rest)).await.status, StatusCode::OK, "{rest}");
    }
    let form = format!("version={}&released=no&reason=not+yet", site.plan_record().await.version.0);
    let hidden = site.post(Role::PlanSupervisor, &site.plan_page("/release"), &form).await;
    assert_eq!((hidden.status, hidden.location), (StatusCode::SEE_OTHER, site.plan_page("")));
    for rest in ["", "/board", "/tasks", "/indicators", "/systems", "/tasks.csv", "/indicators.csv"] {
        assert_eq!(
            site.get(Role::Visitor, &site.plan_page(rest)).await.status,
            StatusCode::NOT_FOUND,
            "{rest}"
        );
    }
    assert_eq!(site.get(Role::Visitor, &site.indicator_page("")).await.status, StatusCode::NOT_FOUND);
    assert_eq!(site.get(Role::DistrictLeader, &site.plan_page("/board")).await.status, StatusCode::OK);
}

#[tokio::test]
async fn what_one_may_not_do_is_not_offered_and_refused() {
    let site = site().await;
    let pages = [site.plan_page(""), site.indicator_page(""), format!("/systems/{}", site.system)];
    for page in &pages {
        for role in [Role::Visitor, Role::DistrictLeader] {
            let body = site.get(role, page).await.body;
            for action in ["release", "hide", "withdraw", "edit", "state-value", "edit-baseline"] {
                assert!(
                    !body.contains(&format!("data-action=\"{action}\"")),
                    "{action} offered to {role:?} on {page}"
                );
            }
        }
    }
    let offered = site.get(Role::PlanSupervisor, &site.plan_page("")).await.body;
    assert!(offered.contains("data-action=\"hide\"") && offered.contains("data-action=\"withdraw\""));
    for path in [site.plan_page("/release"), site.plan_page("/withdraw"), site.indicator_page("/edit")] {
        assert_eq!(site.get(Role::DistrictLeader, &path).await.status, StatusCode::FORBIDDEN, "{path}");
        assert_eq!(site.get(Role::Visitor, &path).await.status, StatusCode::UNAUTHORIZED, "{path}");
    }
    assert_eq!(site.get(Role::Visitor, "/systems").await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn the_board_filters_by_light_department_and_special_action() {
    let site = site().await;
    let shown = async |query: &str| {
        let body = site.get(Role::DistrictLeader, &site.plan_page(&format!("/board?{query}"))).await.body;
        [1, 2, 3].map(|number| body.contains(&format!(">任务{number}</a>")))
    };
    assert_eq!(shown("").await, [true, true, true]);
    assert_eq!(shown("light=late").await, [true, false, false]);
    let own = site.ctx(Role::DepartmentOfficer).principal.organisation().unwrap();
    assert_eq!(shown(&format!("department={own}")).await, [true, false, true]);
    assert_eq!(shown("special_action=%E5%9C%BA%E6%99%AF%E8%A1%8C%E5%8A%A8").await, [true, true, false]);
    assert_eq!(shown("q=3").await, [false, false, true]);
    let body = site.get(Role::DistrictLeader, &site.plan_page("/board?light=recovered")).await.body;
    assert!(body.contains("没有符合条件的任务"));
}

#[tokio::test]
async fn the_board_says_what_its_roll_up_rests_on() {
    let site = site().await;
    let body = site.get(Role::DistrictLeader, &site.plan_page("/board")).await.body;
    assert!(body.contains("3项任务中1项有核实的进展"), "coverage in words");
    assert!(body.contains("其余2项情况不明"));
    assert!(body.contains("不属于专项行动"), "what belongs to no group has a group of its own");
}

#[tokio::test]
async fn a_release_without_a_reason_is_refused_at_the_form() {
    let site = site().await;
    let version = site.plan_record().await.version.0;
    let refused = site
        .post(
            Role::PlanSupervisor,
            &site.plan_page("/release"),
            &format!("version={version}&released=no&reason="),
        )
        .await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("store.empty_reason") && refused.body.contains("href=\"#field-reason\""));
    assert!(site.plan_record().await.released);
    let stale = site
        .post(
            Role::PlanSupervisor,
            &site.plan_page("/release"),
            &format!("version={}&released=no&reason=kept", version + 7),
        )
        .await;
    assert_eq!(stale.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(stale.body.contains("store.conflict") && stale.body.contains("value=\"kept\""));
}

#[tokio::test]
async fn a_stated_value_counts_once_a_supervisor_has_checked_it() {
    let site = site().await;
    let new = site.indicator_page("/statements/new");
    let stated = site.post_parts(Role::DepartmentOfficer, &new, &VALUE).await;
    assert_eq!(stated.status, StatusCode::SEE_OTHER, "{}", stated.body);
    let before = site.get(Role::DepartmentOfficer, &site.indicator_page("")).await.body;
    assert!(before.contains("待审核") && before.contains("还没有经核实的数值"));
    assert!(
        !site.get(Role::Visitor, &site.indicator_page("")).await.body.contains("130"),
        "unchecked is not public"
    );

    let statement = statement_path(&before);
    let page = site.get(Role::PlanSupervisor, &statement).await;
    assert!(
        page.body.contains("id=\"statement-check-form\"")
            && page.body.contains("id=\"statement-return-form\"")
    );
    let own = site.get(Role::DepartmentOfficer, &statement).await;
    assert!(!own.body.contains("statement-check-form"));
    let nobody =
        site.post(Role::DepartmentOfficer, &format!("{statement}/check"), "version=1&reason=x").await;
    assert_eq!(nobody.status, StatusCode::FORBIDDEN);
    let checked =
        site.post(Role::PlanSupervisor, &format!("{statement}/check"), "version=1&reason=compared").await;
    assert_eq!((checked.status, checked.location), (StatusCode::SEE_OTHER, site.indicator_page("")));
    let after = site.get(Role::Visitor, &site.indicator_page("")).await.body;
    assert!(
        after.contains("130") && after.contains("（130 − 100）÷（200 − 100）= 30%"),
        "the formula names its figures"
    );
}

#[tokio::test]
async fn a_refused_statement_keeps_what_was_typed() {
    let site = site().await;
    let new = site.indicator_page("/statements/new");
    let mut typed = VALUE;
    typed[1] = ("unit", "家");
    let refused = site.post_parts(Role::DepartmentOfficer, &new, &typed).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        refused.body.contains("plans.statement.unit_mismatch")
            && refused.body.contains("href=\"#field-unit\"")
    );
    assert!(refused.body.contains("value=\"130\"") && refused.body.contains("value=\"季度报表\""));
    typed[1] = ("unit", "个");
    typed[0] = ("value", "many");
    assert_eq!(
        site.post_parts(Role::DepartmentOfficer, &new, &typed).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    typed[0] = ("value", "1,300");
    typed[2] = ("as_of", "2026-11-23");
    let early = site.post_parts(Role::DepartmentOfficer, &new, &typed).await;
    assert!(early.body.contains("plans.statement.day_not_over"));
    assert_eq!(site.post_parts(Role::PlanSupervisor, &new, &VALUE).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_returned_statement_tells_the_department_why() {
    let site = site().await;
    site.post_parts(Role::DepartmentOfficer, &site.indicator_page("/statements/new"), &VALUE).await;
    let statement = statement_path(&site.get(Role::PlanSupervisor, &site.indicator_page("")).await.body);
    let empty = site.post(Role::PlanSupervisor, &format!("{statement}/return"), "version=1&why=").await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    let done = site
        .post(Role::PlanSupervisor, &format!("{statement}/return"), "version=1&why=%E7%BC%BA%E8%A1%A8")
        .await;
    assert_eq!(done.status, StatusCode::SEE_OTHER);
    assert!(site.get(Role::DepartmentOfficer, &statement).await.body.contains("缺表"));
}

#[tokio::test]
async fn a_supervisor_states_a_tolerance_and_the_light_is_computed_anew() {
    let site = site().await;
    let edit = |tolerance: &str, owners: &str| {
        format!(
            "version=1&owners={owners}&deadline=2028-12-31&tolerance={tolerance}&weight=1&path=&reason=by+order"
        )
    };
    let own = "%E5%8C%BA%E6%95%B0%E6%8D%AE%E5%B1%80";
    let page = site.indicator_page("/edit");
    let unknown = site.post(Role::PlanSupervisor, &page, &edit("10", "nobody")).await;
    assert_eq!(unknown.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(unknown.body.contains("href=\"#field-owners\""));
    let absurd = site.post(Role::PlanSupervisor, &page, &edit("100", own)).await;
    assert!(absurd.body.contains("plans.target.tolerance"));
    let done = site.post(Role::PlanSupervisor, &page, &edit("10", own)).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
    assert!(site.get(Role::Visitor, &site.indicator_page("")).await.body.contains("180个至220个"));
    let again =
        site.post(Role::PlanSupervisor, &page, &edit("10", own).replace("version=1", "version=2")).await;
    assert!(again.body.contains("plans.indicator.nothing_changes"));
}

#[tokio::test]
async fn a_system_in_service_has_an_owner() {
    let site = site().await;
    let page = format!("/systems/{}", site.system);
    let form = |owner: &str| {
        format!("version=1&name=%E5%B9%B3%E5%8F%B0&status=in_service&owner={owner}&reason=taken+over")
    };
    let refused = site.post(Role::PlanSupervisor, &format!("{page}/edit"), &form("")).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        refused.body.contains("plans.system.owner_missing") && refused.body.contains("href=\"#field-owner\"")
    );
    let own = site.ctx(Role::DepartmentOfficer).principal.organisation().unwrap();
    let done = site.post(Role::PlanSupervisor, &format!("{page}/edit"), &form(&own.to_string())).await;
    assert_eq!((done.status, done.location), (StatusCode::SEE_OTHER, page.clone()));
    assert_eq!(
        site.post(Role::DepartmentOfficer, &format!("{page}/edit"), &form("")).await.status,
        StatusCode::FORBIDDEN
    );
}

#[tokio::test]
async fn exports_carry_what_the_filters_leave() {
    let site = site().await;
    let csv = site.get(Role::Visitor, &site.plan_page("/tasks.csv?light=late")).await.body;
    assert!(csv.starts_with('\u{feff}'));
    assert_eq!(csv.lines().count(), 2, "{csv}");
    let chart = site.get(Role::Visitor, &site.indicator_page("/path.csv")).await.body;
    assert!(chart.contains("2025-12-31,100,100,190,210"), "{chart}");
    let words = format!("/indicators/{}/path.csv", site.words);
    assert_eq!(site.get(Role::Visitor, &words).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn an_address_that_names_nothing_is_not_found() {
    let site = site().await;
    let unknown = "01970000-0000-7000-8000-000000000000";
    for path in ["/plans/x", "/plans/x/board", "/indicators/x", "/systems/x", "/indicators/x/statements/new"]
    {
        assert_eq!(site.get(Role::PlanSupervisor, path).await.status, StatusCode::NOT_FOUND, "{path}");
        let path = path.replace("/x", &format!("/{unknown}"));
        assert_eq!(site.get(Role::PlanSupervisor, &path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let broken = site.get(Role::PlanSupervisor, "/plans?after=zzz").await;
    assert_eq!(broken.status, StatusCode::BAD_REQUEST);
}
