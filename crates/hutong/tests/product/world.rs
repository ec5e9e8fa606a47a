//! A small district with one person for each role, the whole router, and fresh records for each request.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};
use axum::response::IntoResponse as _;
use hutong::config::{Sources, load};
use hutong::wiring::{self, Parts};
use hutong_kernel::{
    Id, IndicatorId, OpContext, Organisation, OrganisationId, PersonId, PlanId, Principal, Quantity,
    ReadingId, Role, SystemId, TaskId, Unit,
};
use hutong_ledger::Ledger;
use hutong_plans::adopt_plan::OpenDecision;
use hutong_plans::indicator::{Baseline, Binding, Deadline, EntryMode, Indicator};
use hutong_plans::plan::{Plan, PlanStatus};
use hutong_plans::reading::Finding;
use hutong_plans::report_progress::ProgressReport;
use hutong_plans::services::{AdoptRequest, FindingDecision, Plans, Report, StateValue};
use hutong_plans::source::SourceRef;
use hutong_plans::statement::{StatedValue, Statement};
use hutong_plans::system::{PlannedSystem, SystemStatus};
use hutong_plans::target::{Level, Target, Tolerance};
use hutong_plans::task::{Task, TaskStatus};
use hutong_store::operational::Credential;
use hutong_store::{Record, Stored};
use hutong_testkit::{FakeClock, TempStore, context, date, organisation, person, role_grant, system_context};
use hutong_web::App;
use hutong_web::password::Passwords;
use tower::ServiceExt as _;

use super::requests::{Ask, Content};

/// Everybody's password.
pub const PASSWORD: &str = "a lane of nine bends";

pub struct World {
    pub app: App,
    pub clock: FakeClock,
    /// The body of the department officer, responsible for every task and indicator.
    pub own: Organisation,
    /// One person for each role but the visitor.
    pub persons: BTreeMap<Role, PersonId>,
    /// An officer of a body that is responsible for nothing.
    pub stranger: PersonId,
    pub plan: PlanId,
    router: Router,
    next: AtomicU32,
    _stop_ledger: tokio::sync::watch::Sender<bool>,
    _temp: TempStore,
}

/// What came back.
pub struct Answer {
    pub status: StatusCode,
    pub location: String,
    pub body: String,
}

impl Answer {
    /// Was somebody kept out?
    pub fn is_refused(&self) -> bool {
        matches!(self.status.as_u16(), 401 | 403 | 404) || self.location.starts_with("/sign-in?")
    }

    /// Was the request carried out?
    pub fn is_served(&self) -> bool {
        self.status.as_u16() < 400 && !self.is_refused()
    }
}

impl World {
    pub async fn new() -> Self {
        let temp = TempStore::open(hutong_plans::kinds()).unwrap();
        let clock = FakeClock::at("2026-11-23T01:00:00Z".parse().unwrap());
        let flags = vec![("data.dir".to_owned(), temp.folder().display().to_string())];
        let (config, _) = load(&Sources { flags, ..Sources::default() }).unwrap();
        let ledger = Ledger::new(config.ledger_place(), temp.store().clone());
        let (stop_ledger, stopping) = tokio::sync::watch::channel(false);
        tokio::spawn(ledger.follow(stopping));
        let parts = Parts {
            store: temp.store().clone(),
            ledger: Some(hutong::ledger_door::door(ledger.clone())),
            clock: Arc::new(clock.clone()),
            demo: true,
            messages: hutong::messages::load(true).unwrap(),
            passwords: Passwords::cheap().unwrap(),
        };
        let app = wiring::app(&config, parts).unwrap();
        let router = wiring::router(&app, Some(ledger), Duration::from_secs(60));
        let (own, other) = (organisation("区数据局"), organisation("区城管委"));
        let mut change = app.store.begin(&system_context(&clock, "test"), "laid out for a test");
        change.create(&own);
        change.create(&other);
        let mut persons = BTreeMap::new();
        for role in Role::ALL.into_iter().filter(|it| *it != Role::Visitor) {
            let of = (role == Role::DepartmentOfficer).then_some(own.id);
            let it = person(&role.name().replace('_', "."), of);
            change.create(&it);
            change.create(&role_grant(it.id, role));
            persons.insert(role, it.id);
        }
        let stranger = person("stranger", Some(other.id));
        change.create(&stranger);
        change.create(&role_grant(stranger.id, Role::DepartmentOfficer));
        change.commit().await.unwrap();
        for id in persons.values() {
            set_password(&app, &clock, *id).await;
        }
        let mut world = Self {
            app,
            clock,
            own,
            persons,
            stranger: stranger.id,
            plan: PlanId::from_uuid(uuid::Uuid::nil()),
            router,
            next: AtomicU32::new(1),
            _stop_ledger: stop_ledger,
            _temp: temp,
        };
        world.plan = world.fresh_plan().await;
        world
    }

    /// A number that was not given before.
    pub fn number(&self) -> u32 {
        self.next.fetch_add(1, Ordering::Relaxed)
    }

    pub fn head(&self) -> u64 {
        *self.app.store.head().borrow()
    }

    pub fn system(&self) -> OpContext {
        system_context(&self.clock, "test")
    }

    pub fn supervisor(&self) -> OpContext {
        context(&self.clock, Role::PlanSupervisor)
    }

    fn officer(&self) -> OpContext {
        let mut ctx = context(&self.clock, Role::DepartmentOfficer);
        if let Principal::Person { organisation, .. } = &mut ctx.principal {
            *organisation = Some(self.own.id);
        }
        ctx
    }

    pub fn plans<'a>(&'a self, ctx: &'a OpContext) -> Plans<'a> {
        Plans::new(&self.app.store, &self.app.calendar, ctx)
    }

    pub async fn keep<R: Record>(&self, make: impl FnOnce(R::Id) -> R) -> R::Id {
        let ctx = self.system();
        let mut change = self.app.store.begin(&ctx, "laid out for a test");
        let record = make(change.new_id());
        change.create(&record);
        change.commit().await.unwrap();
        record.id()
    }

    pub async fn fresh_body(&self) -> OrganisationId {
        let body = organisation(&format!("测试机构{}", self.number()));
        self.keep(|_| body).await
    }

    pub async fn fresh_person(&self) -> (PersonId, String) {
        let user_name = format!("fresh{}", self.number());
        let it = person(&user_name, Some(self.own.id));
        let id = self.keep(|_| it).await;
        set_password(&self.app, &self.clock, id).await;
        (id, user_name)
    }

    pub async fn fresh_plan(&self) -> PlanId {
        let (number, keeper) = (self.number(), self.own.id);
        self.keep(|id| Plan {
            id,
            title: format!("数字胡同行动计划{number}"),
            issuer: None,
            document_number: None,
            issued_on: Some(date("2026-01-05")),
            first_day: date("2026-01-01"),
            last_day: date("2028-12-31"),
            version: 1,
            supersedes: None,
            basis: Vec::new(),
            approvals: Vec::new(),
            released: true,
            status: PlanStatus::InForce,
            in_force_since: Some(date("2026-11-01")),
            imported_copy: false,
            keeper: Some(keeper),
            document: None,
            reading: None,
        })
        .await
    }

    pub async fn fresh_task(&self) -> TaskId {
        let (number, owner, plan) = (self.number(), self.own.id, self.plan);
        self.keep(|id| Task {
            id,
            plan,
            number,
            heading: None,
            special_action: None,
            title: format!("任务{number}"),
            content: "建成并投入使用".into(),
            responsible: vec![owner],
            cooperating: Vec::new(),
            responsible_words: String::new(),
            cooperating_words: String::new(),
            owner_by_default: false,
            basis: Vec::new(),
            start: date("2026-01-01"),
            deadline: Deadline { day: date("2028-12-31"), by_default: false },
            milestones: Vec::new(),
            weight: 1,
            indicators: Vec::new(),
            systems: Vec::new(),
            progress: None,
            status: TaskStatus::Open,
            place: None,
            finding: None,
        })
        .await
    }

    pub async fn fresh_report(&self) -> Stored<ProgressReport> {
        let (task, ctx) = (self.fresh_task().await, self.officer());
        let report = Report {
            as_of: None,
            percent: 40,
            narrative: "已完成招标".into(),
            milestones_done: Vec::new(),
            evidence: vec![("证明.pdf".into(), b"%PDF".to_vec())],
            why_less: None,
        };
        self.plans(&ctx).report_progress(task, report, "reported").await.unwrap()
    }

    pub async fn fresh_indicator(&self) -> IndicatorId {
        let (number, owner, plan) = (self.number(), self.own.id, self.plan);
        let about = Level::About {
            value: Quantity::new(200.into(), Unit::parse("个")),
            tolerance: Tolerance::by_default(),
        };
        self.keep(|id| Indicator {
            id,
            plan,
            number,
            name: format!("指标{number}"),
            target: Target::level(about),
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
        })
        .await
    }

    pub async fn fresh_statement(&self) -> (IndicatorId, Stored<Statement>) {
        let (indicator, ctx) = (self.fresh_indicator().await, self.officer());
        let value = StateValue {
            value: StatedValue::Number { quantity: Quantity::new(130.into(), Unit::parse("个")) },
            from: None,
            as_of: date("2026-09-30"),
            source: "季度报表".into(),
            locator: None,
            evidence: vec![("证明.pdf".into(), b"%PDF".to_vec())],
            supersedes: None,
        };
        (indicator, self.plans(&ctx).record_statement(indicator, value, "stated").await.unwrap())
    }

    pub async fn fresh_system(&self) -> SystemId {
        let (number, plan) = (self.number(), self.plan);
        self.keep(|id| PlannedSystem {
            id,
            name: format!("胡同感知平台{number}"),
            status: SystemStatus::Build,
            owner: None,
            plan,
            tasks: Vec::new(),
            place: None,
            finding: None,
        })
        .await
    }

    /// A document that nobody handed in before.
    pub fn document(&self) -> String {
        let number = self.number();
        // A digit in a title would end it for the reader of documents.
        let numeral: String = number
            .to_string()
            .chars()
            .filter_map(|it| "零一二三四五六七八九".chars().nth(it.to_digit(10)? as usize))
            .collect();
        format!(
            "槐安区{numeral}片数字治理行动计划(2026—2028年)\n槐安区人民政府\n2026年3月2日\n一、发展目标\n\
             到2028年,开放数据集数量达到{number}00个以上。\n二、重点任务\n(一)建设统一底座\n\
             建设区级数据目录管理平台,汇聚各部门目录。\n附件:任务清单\n\
             序号 | 任务名称 | 主要内容 | 责任部门 | 配合部门\n\
             1 | 编制数据目录 | 完成三十个部门的目录编制 | 区数据局 | 区城管委\n\
             2 | 开展质量评估 | 每季度评估一次 | 区数据局 | 区城管委\n"
        )
    }

    pub async fn fresh_reading(&self) -> (ReadingId, Vec<Stored<Finding>>) {
        let ctx = self.supervisor();
        let plans = self.plans(&ctx);
        let name = format!("plan{}.txt", self.number());
        let reading = plans.receive_document(&name, self.document().into(), "received").await.unwrap().id;
        (reading, plans.reading(reading).await.unwrap().findings)
    }

    /// A reading of which everything is decided, and the names in it that no known body goes by.
    pub async fn reviewed_reading(&self) -> (ReadingId, Vec<String>) {
        let (reading, _) = self.fresh_reading().await;
        let ctx = self.supervisor();
        let plans = self.plans(&ctx);
        plans.accept_confident(reading, None, 0, "reviewed").await.unwrap();
        let request = AdoptRequest {
            keeper: Some(self.own.id),
            first_day: Some(date("2026-01-01")),
            last_day: Some(date("2028-12-31")),
            ..AdoptRequest::default()
        };
        let mut unknown = Vec::new();
        for decision in plans.open_decisions(reading, request).await.unwrap() {
            match decision {
                OpenDecision::BodyUnknown { name, .. } => unknown.push(name),
                OpenDecision::FindingOpen { finding, .. } | OpenDecision::ReadingOpen { finding, .. } => {
                    let reject = FindingDecision::Reject { reason: None };
                    plans.decide_finding(finding, None, reject, "not needed").await.unwrap();
                }
                other => panic!("the document of this test leaves something else open: {other:?}"),
            }
        }
        (reading, unknown)
    }

    /// The cookie of a session that has just begun.
    async fn cookie(&self, person: PersonId) -> String {
        let mut response = StatusCode::OK.into_response();
        let now = hutong_kernel::Clock::now(&self.clock);
        hutong_web::session::start(&self.app, &HeaderMap::new(), person, false, now, &mut response)
            .await
            .unwrap();
        let cookie = response.headers()[header::SET_COOKIE].to_str().unwrap();
        cookie.split(';').next().unwrap().to_owned()
    }

    /// Asks as somebody who holds this role alone.
    pub async fn send(&self, role: Role, method: &str, ask: &Ask) -> Answer {
        self.send_as(self.persons.get(&role).copied(), method, ask).await
    }

    /// Asks as somebody; nobody is a visitor.
    pub async fn send_as(&self, person: Option<PersonId>, method: &str, ask: &Ask) -> Answer {
        let mut request = Request::builder().method(method).uri(&ask.path);
        if let Some(person) = person {
            request = request.header(header::COOKIE, self.cookie(person).await);
        }
        if let Some(version) = ask.if_match {
            request = request.header(header::IF_MATCH, format!("\"v{version}\""));
        }
        let (kind, bytes) = match &ask.content {
            Content::None => (None, Vec::new()),
            Content::Form(form) => (Some("application/x-www-form-urlencoded"), form.clone().into_bytes()),
            Content::Parts(parts) => (Some("multipart/form-data; boundary=part"), parts.clone()),
            Content::Json(value) => (Some("application/json"), value.to_string().into_bytes()),
            Content::Bytes(bytes) => (Some("application/octet-stream"), bytes.clone()),
        };
        if let Some(kind) = kind {
            request = request.header(header::CONTENT_TYPE, kind);
        }
        let response = self.router.clone().oneshot(request.body(Body::from(bytes)).unwrap()).await.unwrap();
        let status = response.status();
        let location = response.headers().get(header::LOCATION).map(|it| it.to_str().unwrap().to_owned());
        let body = axum::body::to_bytes(response.into_body(), 16 << 20).await.unwrap();
        let body = String::from_utf8_lossy(&body).into_owned();
        Answer { status, location: location.unwrap_or_default(), body }
    }

    /// Waits until the ledger has published everything that the journal holds now.
    pub async fn wait_for_ledger(&self) {
        let seq = self.head();
        for _ in 0..600 {
            if self.app.ledger.as_ref().unwrap().prove(seq).await.is_ok() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("the ledger has not published entry {seq}");
    }
}

async fn set_password(app: &App, clock: &FakeClock, person: PersonId) {
    let hash = app.passwords.hash(PASSWORD).await.unwrap();
    let credential = Credential { hash, changed_at: hutong_kernel::Clock::now(clock), must_change: false };
    app.store.operational().set_credential(person, credential).await.unwrap();
}
