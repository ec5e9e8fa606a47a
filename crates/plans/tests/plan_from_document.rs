//! From a document to a plan in force, its lights, and a report that turns one: through the services, on a real store.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test stops at the first surprise and says what it skips"
)]

use std::collections::BTreeMap;
use std::path::Path;

use hutong_kernel::organisation::OrganisationClass;
use hutong_kernel::{Clock, OpContext, OrganisationId, Principal, Refusal, Role};
use hutong_plans::adopt_plan::OpenDecision;
use hutong_plans::calendar::{CHINA, read_calendar};
use hutong_plans::light::LightState;
use hutong_plans::match_bodies::BodyChoice;
use hutong_plans::plan::Plan;
use hutong_plans::reading::Content;
use hutong_plans::services::{AdoptRequest, FindingDecision, Plans, Report};
use hutong_store::Stored;
use hutong_testkit::{FakeClock, TempStore, context};
use jiff::Timestamp;

struct World {
    store: TempStore,
    clock: FakeClock,
    calendar: hutong_kernel::WorkingCalendar,
}

impl World {
    fn new(now: &str) -> Self {
        Self {
            store: TempStore::open(hutong_plans::kinds()).unwrap(),
            clock: FakeClock::at(now.parse::<Timestamp>().unwrap()),
            calendar: read_calendar(CHINA).unwrap(),
        }
    }

    fn supervisor(&self) -> OpContext {
        context(&self.clock, Role::PlanSupervisor)
    }

    fn officer_of(&self, body: OrganisationId) -> OpContext {
        let mut ctx = context(&self.clock, Role::DepartmentOfficer);
        if let Principal::Person { organisation, .. } = &mut ctx.principal {
            *organisation = Some(body);
        }
        ctx
    }

    fn plans<'a>(&'a self, ctx: &'a OpContext) -> Plans<'a> {
        Plans::new(self.store.store(), &self.calendar, ctx)
    }

    /// Accepts everything that was found, prose beside a table and implied numbers left out, and adopts it with all
    /// bodies created.
    async fn adopt(&self, file: &str, bytes: Vec<u8>) -> Stored<Plan> {
        let ctx = self.supervisor();
        let plans = self.plans(&ctx);
        let reading = plans.receive_document(file, bytes, "received").await.unwrap();
        for _ in 0..2 {
            for finding in plans.reading(reading.id).await.unwrap().findings {
                let open = matches!(finding.content(), Content::Target { target } if target.target.is_none());
                if open {
                    let accept = FindingDecision::Accept { reading: Some(0) };
                    plans
                        .decide_finding(finding.id, Some(finding.version), accept, "relative growth")
                        .await
                        .unwrap();
                    break;
                }
            }
        }
        plans.accept_confident(reading.id, None, 0, "reviewed").await.unwrap();
        let mut request = AdoptRequest::default();
        for decision in plans.open_decisions(reading.id, request.clone()).await.unwrap() {
            match decision {
                OpenDecision::BodyUnknown { name, .. } => {
                    request.bodies.insert(name, BodyChoice::Create { class: OrganisationClass::Department });
                }
                OpenDecision::OwnerMissing { .. } => request.keeper = Some(keeper(self).await),
                OpenDecision::PeriodMissing => {
                    request.first_day = Some("2026-01-01".parse().unwrap());
                    request.last_day = Some("2028-12-31".parse().unwrap());
                }
                other => panic!("{other:?}"),
            }
        }
        for decision in plans.open_decisions(reading.id, request.clone()).await.unwrap() {
            match decision {
                OpenDecision::OwnerMissing { .. } => request.keeper = Some(keeper(self).await),
                other => panic!("{other:?}"),
            }
        }
        plans.adopt(reading.id, request, "adopted").await.unwrap()
    }
}

async fn keeper(world: &World) -> OrganisationId {
    let body = hutong_testkit::organisation("区政府办");
    let ctx = world.supervisor();
    let mut change = world.store.store().begin(&ctx, "founded");
    change.create(&body);
    change.commit().await.unwrap();
    body.id
}

const SAMPLE: &str = include_str!("documents/action_plan.txt");

#[tokio::test]
async fn a_reported_and_checked_task_turns_its_light() {
    let world = World::new("2026-03-02T01:00:00Z");
    let plan = world.adopt("action_plan.txt", SAMPLE.into()).await;
    let ctx = world.supervisor();
    let board = world.plans(&ctx).board(plan.id).await.unwrap();
    assert!(!board.tasks.is_empty() && !board.indicators.is_empty());
    assert!(board.tasks.iter().all(|it| it.state().is_some()), "every task has a light");
    assert!(board.tasks.iter().all(|it| !it.task.responsible.is_empty()), "every task has an owner");
    assert!(
        board.indicators.iter().all(|it| !it.indicator.owners.is_empty()),
        "every indicator has an owner"
    );
    let task = board.tasks[0].task.clone();
    let body = task.responsible[0];

    let report = |percent| Report {
        as_of: None,
        percent,
        narrative: "合同已签订".into(),
        milestones_done: Vec::new(),
        evidence: vec![("contract.pdf".into(), b"%PDF-1.7".to_vec())],
        why_less: None,
    };
    // Somebody of another body may not report on it.
    let stranger = world.officer_of(hutong_testkit::organisation("区商务局").id);
    let refused = world.plans(&stranger).report_progress(task.id, report(95), "report").await.unwrap_err();
    assert_eq!(refused.code(), "access.denied");

    let officer = world.officer_of(body);
    let handed_in = world.plans(&officer).report_progress(task.id, report(95), "report").await.unwrap();
    let view = world.plans(&ctx).task(task.id).await.unwrap();
    assert_eq!(view.task.progress, None, "nothing changes on the department's word");
    let (to_check, _) = world.plans(&ctx).to_check().await.unwrap();
    assert_eq!(to_check.iter().map(|it| it.what.id).collect::<Vec<_>>(), [handed_in.id]);

    world.plans(&ctx).check_report(handed_in.id, Some(handed_in.version), "checked").await.unwrap();
    let view = world.plans(&ctx).task(task.id).await.unwrap();
    assert_eq!(view.light.unwrap().state, LightState::OnTrack);
    assert_eq!(view.task.progress.unwrap().percent, 95);
    let history =
        world.plans(&ctx).light_history(hutong_kernel::Id::from_uuid(hutong_kernel::Id::uuid(task.id))).await;
    let states: Vec<_> = history.unwrap().iter().map(|(light, _)| light.state).collect();
    assert_eq!(states.last(), Some(&LightState::OnTrack));
    assert_eq!(states.len(), 2, "the light before is kept");

    let file = handed_in.evidence[0].clone();
    assert_eq!(world.plans(&officer).evidence(handed_in.id, file.id).await.unwrap().1, b"%PDF-1.7");
}

#[tokio::test]
async fn what_is_not_released_does_not_exist_for_the_public() {
    let world = World::new("2026-03-02T01:00:00Z");
    let plan = world.adopt("action_plan.txt", SAMPLE.into()).await;
    let visitor = hutong_testkit::visitor_context(&world.clock);
    assert_eq!(world.plans(&visitor).plan(plan.id).await.unwrap_err().code(), "plans.plan.not_found");
    assert!(world.plans(&visitor).plans(None, 10).await.unwrap().items.is_empty());
    let ctx = world.supervisor();
    world.plans(&ctx).release(plan.id, None, true, "for everybody").await.unwrap();
    assert!(world.plans(&visitor).board(plan.id).await.is_ok());
    assert!(world.plans(&visitor).adopt(plan.reading.unwrap(), AdoptRequest::default(), "x").await.is_err());
}

#[tokio::test]
async fn the_same_file_again_leads_to_the_reading_that_is_open() {
    let world = World::new("2026-03-02T01:00:00Z");
    let ctx = world.supervisor();
    let first = world.plans(&ctx).receive_document("a.txt", SAMPLE.into(), "received").await.unwrap();
    let again = world.plans(&ctx).receive_document("b.txt", SAMPLE.into(), "received").await.unwrap();
    assert_eq!(first.id, again.id);
    let refused = world.plans(&ctx).receive_document("c.txt", Vec::new(), "received").await.unwrap_err();
    assert_eq!(refused.code(), "plans.document.empty");
}

#[tokio::test]
async fn a_task_that_nobody_reports_on_is_late_the_day_after_its_deadline_and_recovers_visibly() {
    let world = World::new("2026-03-02T01:00:00Z");
    let plan = world.adopt("action_plan.txt", SAMPLE.into()).await;
    let late_day = plan.last_day.tomorrow().unwrap();
    let at = |day: jiff::civil::Date| -> Timestamp { format!("{day}T02:00:00Z").parse().unwrap() };
    world.clock.set(at(late_day));
    let ctx = hutong_testkit::system_context(&world.clock, "lights");
    assert!(0 < world.plans(&ctx).refresh_lights().await.unwrap());
    assert_eq!(world.plans(&ctx).refresh_lights().await.unwrap(), 0, "nothing new, nothing written");
    let board = world.plans(&ctx).board(plan.id).await.unwrap();
    let task = board.tasks.iter().find(|it| it.task.deadline.by_default).unwrap();
    assert_eq!(task.state(), Some(LightState::Late));

    let officer = world.officer_of(task.task.responsible[0]);
    let report = Report {
        as_of: None,
        percent: 100,
        narrative: "done".into(),
        milestones_done: Vec::new(),
        evidence: Vec::new(),
        why_less: None,
    };
    let handed_in = world.plans(&officer).report_progress(task.task.id, report, "report").await.unwrap();
    let supervisor = world.supervisor();
    world.plans(&supervisor).check_report(handed_in.id, None, "checked").await.unwrap();
    let light = world.plans(&supervisor).task(task.task.id).await.unwrap().light.unwrap();
    assert_eq!(light.state, LightState::Recovered);
    assert_eq!(light.late.unwrap().until, Some(world.clock.now().to_zoned(jiff::tz::TimeZone::UTC).date()));
}

fn real_plan(name: &str) -> Option<Vec<u8>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/plans").join(name);
    match std::fs::read(&path) {
        Ok(bytes) => Some(bytes),
        Err(error) => {
            println!("skipped: {} is not here ({error})", path.display());
            None
        }
    }
}

#[tokio::test]
async fn the_annex_of_thirty_four_tasks_is_imported_without_loss() {
    let Some(bytes) = real_plan("003.txt") else { return };
    let world = World::new("2026-03-02T01:00:00Z");
    let plan = world.adopt("003.txt", bytes).await;
    let ctx = world.supervisor();
    let board = world.plans(&ctx).board(plan.id).await.unwrap();
    let numbers: Vec<u32> = board.tasks.iter().map(|it| it.task.number).collect();
    assert_eq!(numbers, (1..=34).collect::<Vec<_>>());
    let headings: std::collections::BTreeSet<_> =
        board.tasks.iter().filter_map(|it| it.task.heading.clone()).collect();
    assert_eq!(headings.len(), 5);
    assert!(board.tasks.iter().all(|it| it.task.special_action.is_some() && !it.task.basis.is_empty()));
    assert!(board.tasks.iter().all(|it| !it.task.responsible.is_empty()), "glued names are split and owned");
    let by_number: BTreeMap<u32, _> = board.tasks.iter().map(|it| (it.task.number, it)).collect();
    assert!(
        by_number[&8].task.cooperating.is_empty() && by_number[&34].task.cooperating.is_empty(),
        "无 is nobody"
    );
    assert_eq!(by_number[&31].task.basis.len(), 2);
    assert!(by_number[&6].task.indicators.len() == 1, "the task is linked to the target it serves");
    assert_eq!(plan.approvals.len(), 2);
}

#[tokio::test]
async fn the_table_of_eleven_indicators_is_imported_without_loss() {
    let Some(bytes) = real_plan("000.txt") else { return };
    let world = World::new("2026-03-02T01:00:00Z");
    let plan = world.adopt("000.txt", bytes).await;
    let ctx = world.supervisor();
    let board = world.plans(&ctx).board(plan.id).await.unwrap();
    let shapes: Vec<(&str, &str)> = board
        .indicators
        .iter()
        .filter(|it| it.indicator.place.as_ref().is_some_and(|place| (76..=86).contains(&place.line)))
        .map(|it| (it.indicator.target.shape(), it.indicator.binding.name()))
        .collect();
    assert_eq!(
        shapes,
        [
            ("about", "expected"),
            ("about", "expected"),
            ("at_least", "binding"),
            ("range", "expected"),
            ("rank", "expected"),
            ("yearly_mean", "expected"),
            ("yearly_mean", "expected"),
            ("at_least", "expected"),
            ("yearly_mean", "expected"),
            ("yearly_mean", "binding"),
            ("at_least", "expected"),
        ]
    );
    let results = world.plans(&ctx).indicator(board.indicators[1].indicator.id).await.unwrap().baselines;
    assert!(
        results.iter().any(|it| it.value.quantity().is_some_and(|value| value.value == 616.into())),
        "{results:?}"
    );
}
