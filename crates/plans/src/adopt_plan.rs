//! Putting a reviewed document into force as a plan.
//!
//! Everything that the plan needs must be decided first: no finding open, no reading ambiguous, every body known,
//! every task and indicator with an owner. What is still open comes back as a typed list, so that the page can lead to
//! each of it. What was decided becomes plan, indicators, tasks, systems and statements in one change.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use uuid::Uuid;

use hutong_kernel::{FindingId, Id, IndicatorId, Organisation, OrganisationId, PersonId, PlanId, SystemId};

use crate::adopt_bodies::Bodies;
use crate::decide_finding::FindingRefusal;
use crate::indicator::{Baseline, Deadline, Indicator};
use crate::match_bodies::BodyChoices;
use crate::plan::{Plan, PlanStatus};
use crate::reading::{
    AchievementContent, Content, Finding, FindingState, MetadataField, Reading, ReadingState, TargetContent,
    TaskContent,
};
use crate::source::{Place, SourceRef};
use crate::statement::{CheckState, StatedValue, Statement};
use crate::system::{PlannedSystem, SystemStatus};
use crate::task::{Task, TaskStatus};

pub use crate::open_decision::{AdoptRefusal, OpenDecision};

/// Earliest and latest year of a plan that is believed.
const YEARS: std::ops::RangeInclusive<i16> = 1949..=2200;

/// What the person who adopts adds to what was reviewed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AdoptPlan {
    /// First day, where the document does not say or somebody knows better.
    pub first_day: Option<Date>,
    /// Last day, likewise.
    pub last_day: Option<Date>,
    /// The body that keeps the plan and answers where it names nobody.
    pub keeper: Option<OrganisationId>,
    /// Bodies that were mapped or are to be created.
    pub bodies: BodyChoices,
    /// Show it to everybody at once.
    pub released: bool,
    /// Keep it to be read only: no owners needed, no reports, no lights.
    pub imported_copy: bool,
    /// The version that it supersedes.
    pub supersedes: Option<Plan>,
    /// Who adopts.
    pub by: Option<PersonId>,
}

/// All that one adoption writes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Adoption {
    /// The plan in force.
    pub plan: Plan,
    /// The version it superseded.
    pub superseded: Option<Plan>,
    /// The reading, closed.
    pub reading: Reading,
    /// Bodies that are created.
    pub organisations: Vec<Organisation>,
    /// Indicators in the order of the document.
    pub indicators: Vec<Indicator>,
    /// Tasks in the order of the document.
    pub tasks: Vec<Task>,
    /// Entries of the register of systems.
    pub systems: Vec<PlannedSystem>,
    /// Results of the last period.
    pub statements: Vec<Statement>,
}

/// Refuses metadata that no plan can hold.
///
/// # Errors
/// [`FindingRefusal::Metadata`].
pub(crate) fn check_metadata(field: MetadataField, value: &str) -> Result<(), FindingRefusal> {
    let fits = match field {
        MetadataField::Period => parse_period(value).is_some(),
        // A month without a day is what some documents give; it is kept as words and is no date.
        MetadataField::IssuedOn => {
            value.parse::<Date>().is_ok() || format!("{value}-01").parse::<Date>().is_ok()
        }
        _ => true,
    };
    if fits {
        Ok(())
    } else {
        Err(FindingRefusal::Metadata { field: field.name().to_owned(), value: value.to_owned() })
    }
}

/// `2021-2025`, `2024` or `2021-01-01/2025-12-31`.
fn parse_period(value: &str) -> Option<(Date, Date)> {
    if let Some((first, last)) = value.split_once('/') {
        return Some((first.trim().parse().ok()?, last.trim().parse().ok()?));
    }
    let (first, last) = value.split_once(['-', '—', '–', '~']).unwrap_or((value, value));
    let (first, last): (i16, i16) = (first.trim().parse().ok()?, last.trim().parse().ok()?);
    if !YEARS.contains(&first) || !YEARS.contains(&last) {
        return None;
    }
    Some((Date::new(first, 1, 1).ok()?, Date::new(last, 12, 31).ok()?))
}

/// Adopts a reviewed reading. `mint` makes new identifiers; `today` is the district's date.
///
/// # Errors
/// [`AdoptRefusal::Open`] with everything that is still open.
pub fn adopt_plan(
    reading: &Reading,
    findings: &[Finding],
    organisations: &[Organisation],
    command: AdoptPlan,
    today: Date,
    mint: &mut dyn FnMut() -> Uuid,
) -> Result<Adoption, AdoptRefusal> {
    if reading.state != ReadingState::Open {
        return Err(AdoptRefusal::ReadingClosed { state: reading.state.name() });
    }
    if command.supersedes.as_ref().is_some_and(|old| old.status != PlanStatus::InForce) {
        return Err(AdoptRefusal::SupersedesNothing);
    }
    let mut sorted: Vec<&Finding> = findings.iter().collect();
    sorted.sort_by_key(|it| (it.place.as_ref().map_or(u32::MAX, |place| place.start), it.order));
    let mut open = open_findings(&sorted);

    let metadata = metadata(&sorted, &mut open);
    let period = metadata.get(&MetadataField::Period).and_then(|value| parse_period(value));
    let first_day = command.first_day.or(period.map(|it| it.0));
    let last_day = command.last_day.or(period.map(|it| it.1));
    let title = metadata.get(&MetadataField::Title).cloned();
    if title.is_none() {
        open.push(OpenDecision::TitleMissing);
    }
    let (first_day, last_day) = match (first_day, last_day) {
        (Some(first), Some(last)) if last < first => {
            open.push(OpenDecision::PeriodReversed { first, last });
            (first, last)
        }
        (Some(first), Some(last)) => (first, last),
        _ => {
            open.push(OpenDecision::PeriodMissing);
            (today, today)
        }
    };

    let mut bodies = Bodies::new(organisations, &command.bodies, !command.imported_copy, today);
    let mut adopter = Adopter {
        plan: PlanId::from_uuid(mint()),
        first_day,
        last_day,
        document: title.clone().unwrap_or_default(),
        by: command.by,
        today,
        mint,
    };

    let counted = || sorted.iter().filter(|it| it.state.counts());
    let mut systems: Vec<PlannedSystem> = Vec::new();
    let mut indicators: Vec<Indicator> = Vec::new();
    let mut indicator_of: BTreeMap<u32, Vec<IndicatorId>> = BTreeMap::new();
    let mut statements = Vec::new();
    let mut basis = Vec::new();
    let mut approvals = Vec::new();
    for finding in counted() {
        match finding.content() {
            Content::System { name, status } => systems.push(adopter.system(finding, name, *status)),
            Content::Target { target } => {
                if let Some(indicator) =
                    adopter.indicator(finding, target, &mut bodies, &mut open, indicators.len())
                {
                    indicator_of.entry(finding.order).or_default().push(indicator.id);
                    indicators.push(indicator);
                }
            }
            Content::Achievement { achievement } => {
                statements.push(adopter.achievement(finding, achievement))
            }
            Content::Basis { title } => basis.push(title.clone()),
            Content::Approval { approval } => approvals.push(approval.clone()),
            Content::Metadata { .. } | Content::Task { .. } => {}
        }
    }
    follow_splits_and_merges(&sorted, &mut indicator_of);

    let mut tasks: Vec<Task> = Vec::new();
    let mut numbers: BTreeSet<u32> = counted()
        .filter_map(|it| match it.content() {
            Content::Task { task } => task.number,
            _ => None,
        })
        .collect();
    let mut used = BTreeSet::new();
    for finding in counted() {
        let Content::Task { task: content } = finding.content() else { continue };
        let number = match content.number.filter(|number| used.insert(*number)) {
            Some(number) => number,
            None => {
                let free = (1..).find(|it| !numbers.contains(it)).unwrap_or(u32::MAX);
                numbers.insert(free);
                free
            }
        };
        let mut task = adopter.task(finding, content, number, &mut bodies, &mut open);
        task.indicators =
            content.targets.iter().filter_map(|order| indicator_of.get(order)).flatten().copied().collect();
        task.indicators.dedup();
        for system in systems.iter_mut().filter(|system| content.systems.contains(&system.name)) {
            task.systems.push(system.id);
            system.tasks.push(task.id);
            system.owner = system.owner.or(task.responsible.first().copied());
        }
        tasks.push(task);
    }

    give_owners(&mut indicators, &mut tasks, &mut systems, &command, &mut open);
    if tasks.is_empty() && indicators.is_empty() {
        open.push(OpenDecision::NothingAccepted);
    }
    open.extend(bodies.open());
    if !open.is_empty() {
        return Err(AdoptRefusal::Open { decisions: open });
    }

    let plan = Plan {
        id: adopter.plan,
        title: title.unwrap_or_default(),
        issuer: metadata.get(&MetadataField::Issuer).cloned(),
        document_number: metadata.get(&MetadataField::DocumentNumber).cloned(),
        issued_on: metadata.get(&MetadataField::IssuedOn).and_then(|value| value.parse().ok()),
        first_day,
        last_day,
        version: command.supersedes.as_ref().map_or(1, |old| old.version + 1),
        supersedes: command.supersedes.as_ref().map(|old| old.id),
        basis,
        approvals,
        released: command.released,
        status: PlanStatus::InForce,
        in_force_since: Some(today),
        imported_copy: command.imported_copy,
        keeper: command.keeper,
        document: Some(reading.document),
        reading: Some(reading.id),
    };
    Ok(Adoption {
        reading: Reading { state: ReadingState::Adopted { plan: plan.id }, ..reading.clone() },
        superseded: command.supersedes.clone().map(|old| Plan { status: PlanStatus::Superseded, ..old }),
        organisations: bodies.created,
        plan,
        indicators,
        tasks,
        systems,
        statements,
    })
}

fn open_findings(findings: &[&Finding]) -> Vec<OpenDecision> {
    let mut open = Vec::new();
    for finding in findings {
        let (id, content) = (finding.id, finding.content());
        let name = content.name().to_owned();
        match content {
            // Prose beside a task table, or a number that is only implied, is left out unless somebody takes it.
            Content::Task { task } if task.secondary && finding.state == FindingState::Open => {}
            Content::Target { target } if target.secondary && finding.state == FindingState::Open => {}
            Content::Target { target } if finding.state.counts() && target.target.is_none() => {
                open.push(OpenDecision::ReadingOpen { finding: id, name });
            }
            _ if finding.state == FindingState::Open => {
                open.push(OpenDecision::FindingOpen { finding: id, kind: content.kind(), name });
            }
            _ => {}
        }
    }
    open
}

fn metadata(findings: &[&Finding], open: &mut Vec<OpenDecision>) -> BTreeMap<MetadataField, String> {
    let mut fields: BTreeMap<MetadataField, String> = BTreeMap::new();
    for finding in findings.iter().filter(|it| it.state.counts()) {
        if let Content::Metadata { field, value } = finding.content()
            && let Some(other) = fields.insert(*field, value.clone())
            && other != *value
        {
            open.push(OpenDecision::TwoValues { field: *field });
        }
    }
    fields
}

/// A task names its targets by their place among the findings. What a person split or merged is followed.
fn follow_splits_and_merges(findings: &[&Finding], indicator_of: &mut BTreeMap<u32, Vec<IndicatorId>>) {
    let order_of: BTreeMap<FindingId, u32> = findings.iter().map(|it| (it.id, it.order)).collect();
    let mut followed = BTreeMap::new();
    for finding in findings {
        let targets: Vec<FindingId> = match &finding.state {
            FindingState::Split { into } => into.clone(),
            FindingState::Merged { into } => vec![*into],
            _ => continue,
        };
        let ids: Vec<IndicatorId> = targets
            .iter()
            .filter_map(|id| order_of.get(id))
            .filter_map(|order| indicator_of.get(order))
            .flatten()
            .copied()
            .collect();
        followed.insert(finding.order, ids);
    }
    indicator_of.extend(followed);
}

fn give_owners(
    indicators: &mut [Indicator],
    tasks: &mut [Task],
    systems: &mut [PlannedSystem],
    command: &AdoptPlan,
    open: &mut Vec<OpenDecision>,
) {
    for indicator in indicators.iter_mut().filter(|it| it.owners.is_empty()) {
        // Whoever does the task that serves it answers for it.
        for task in tasks.iter().filter(|task| task.indicators.contains(&indicator.id)) {
            for body in &task.responsible {
                if !indicator.owners.contains(body) {
                    indicator.owners.push(*body);
                }
            }
        }
        if indicator.owners.is_empty() {
            indicator.owners.extend(command.keeper);
        }
    }
    for task in tasks.iter_mut().filter(|it| it.responsible.is_empty() && it.responsible_words.is_empty()) {
        task.responsible.extend(command.keeper);
        task.owner_by_default = command.keeper.is_some();
    }
    for system in systems.iter_mut() {
        system.owner = system.owner.or(command.keeper);
    }
    if command.imported_copy {
        return;
    }
    let tasks =
        tasks.iter().filter(|it| it.responsible.is_empty() && it.responsible_words.is_empty()).count();
    let indicators = indicators.iter().filter(|it| it.owners.is_empty()).count();
    if 0 < tasks + indicators {
        open.push(OpenDecision::OwnerMissing { tasks, indicators });
    }
}

/// What all that is adopted together shares.
struct Adopter<'a> {
    plan: PlanId,
    first_day: Date,
    last_day: Date,
    document: String,
    by: Option<PersonId>,
    today: Date,
    mint: &'a mut dyn FnMut() -> Uuid,
}

impl Adopter<'_> {
    fn id<I: Id>(&mut self) -> I {
        I::from_uuid((self.mint)())
    }

    fn deadline(&self, finding: &Finding, given: Option<Date>, open: &mut Vec<OpenDecision>) -> Deadline {
        match given {
            Some(deadline) if deadline < self.first_day => {
                let name = finding.content().name().to_owned();
                open.push(OpenDecision::DeadlineBeforePlan { finding: finding.id, name, deadline });
                Deadline { day: deadline, by_default: false }
            }
            Some(day) => Deadline { day, by_default: false },
            None => Deadline { day: self.last_day, by_default: true },
        }
    }

    fn source(&self, place: Option<&Place>) -> SourceRef {
        SourceRef { title: self.document.clone(), locator: None, place: place.cloned(), files: Vec::new() }
    }

    fn system(&mut self, finding: &Finding, name: &str, status: SystemStatus) -> PlannedSystem {
        PlannedSystem {
            id: self.id::<SystemId>(),
            name: name.to_owned(),
            status,
            owner: None,
            plan: self.plan,
            tasks: Vec::new(),
            place: finding.place.clone(),
            finding: Some(finding.id),
        }
    }

    fn indicator(
        &mut self,
        finding: &Finding,
        content: &TargetContent,
        bodies: &mut Bodies<'_>,
        open: &mut Vec<OpenDecision>,
        before: usize,
    ) -> Option<Indicator> {
        let target = content.target.clone()?;
        let baseline = content.baseline.as_ref().and_then(|it| {
            Some(Baseline {
                day: Date::new(it.year, 12, 31).ok()?,
                value: it.value.clone(),
                source: self.source(finding.place.as_ref()),
                statement: None,
            })
        });
        Some(Indicator {
            id: self.id(),
            plan: self.plan,
            number: u32::try_from(before + 1).unwrap_or(u32::MAX),
            name: content.name.clone(),
            target,
            words: content.words.clone(),
            binding: content.binding,
            entry_mode: content.entry_mode,
            baseline,
            start: self.first_day,
            deadline: self.deadline(finding, content.deadline, open),
            path: Vec::new(),
            owners: bodies.all(&content.owners, self.mint),
            weight: 1,
            place: finding.place.clone(),
            finding: Some(finding.id),
        })
    }

    fn achievement(&mut self, finding: &Finding, content: &AchievementContent) -> Statement {
        let before_plan = self.first_day.yesterday().unwrap_or(self.first_day);
        Statement {
            id: self.id(),
            plan: self.plan,
            indicator: None,
            name: content.name.clone(),
            value: StatedValue::Number { quantity: content.value.clone() },
            from: None,
            as_of: content.year.and_then(|year| Date::new(year, 12, 31).ok()).unwrap_or(before_plan),
            source: self.source(finding.place.as_ref()),
            supersedes: None,
            check: CheckState::Checked { on: self.today, by: self.by },
            organisation: None,
            stated_by: None,
            stated_on: self.today,
        }
    }

    fn task(
        &mut self,
        finding: &Finding,
        content: &TaskContent,
        number: u32,
        bodies: &mut Bodies<'_>,
        open: &mut Vec<OpenDecision>,
    ) -> Task {
        Task {
            id: self.id(),
            plan: self.plan,
            number,
            heading: content.heading.clone(),
            special_action: content.special_action.clone(),
            title: content.title.clone(),
            content: content.content.clone(),
            responsible: bodies.all(&content.responsible, self.mint),
            cooperating: bodies.all(&content.cooperating, self.mint),
            responsible_words: content.responsible.join("、"),
            cooperating_words: content.cooperating.join("、"),
            owner_by_default: false,
            basis: content.basis.clone(),
            start: self.first_day,
            deadline: self.deadline(finding, content.deadline, open),
            milestones: Vec::new(),
            weight: 1,
            indicators: Vec::new(),
            systems: Vec::new(),
            progress: None,
            status: TaskStatus::Open,
            place: finding.place.clone(),
            finding: Some(finding.id),
        }
    }
}

#[cfg(test)]
mod tests {
    use hutong_kernel::organisation::OrganisationClass;
    use insta::assert_snapshot;
    use jiff::civil::date;

    use super::*;
    use crate::match_bodies::BodyChoice;
    use crate::testing::{finding, id, organisation, reading};

    fn accepted(number: u32, content: Content) -> Finding {
        Finding { state: FindingState::Accepted, ..finding(number, content) }
    }

    fn title() -> Finding {
        accepted(1, Content::Metadata { field: MetadataField::Title, value: "试点计划".into() })
    }

    fn period() -> Finding {
        accepted(2, Content::Metadata { field: MetadataField::Period, value: "2024-2026".into() })
    }

    fn task(number: u32, responsible: &[&str]) -> Finding {
        let responsible = responsible.iter().map(ToString::to_string).collect();
        accepted(
            number,
            Content::Task {
                task: TaskContent { title: "建成平台".into(), responsible, ..TaskContent::default() },
            },
        )
    }

    fn adopt(findings: &[Finding], command: AdoptPlan) -> Result<Adoption, AdoptRefusal> {
        let mut next = 500_u128;
        let mut mint = || {
            next += 1;
            Uuid::from_u128(next)
        };
        let known = [organisation(10, "区财政局"), organisation(11, "区科委"), organisation(12, "区科委")];
        adopt_plan(&reading(), findings, &known, command, date(2024, 3, 1), &mut mint)
    }

    /// The one place that calls the function under test.
    fn check(findings: &[Finding], command: AdoptPlan) -> String {
        match adopt(findings, command) {
            Ok(it) => format!("{} tasks, {} bodies created", it.tasks.len(), it.organisations.len()),
            Err(AdoptRefusal::Open { decisions }) => decisions
                .iter()
                .map(|it| format!("{} {:?}", it.name(), it.values()))
                .collect::<Vec<_>>()
                .join("\n"),
            Err(refusal) => refusal.to_string(),
        }
    }

    #[test]
    fn everything_that_is_open_is_named_at_once() {
        let open = finding(3, Content::Basis { title: "依据".into() });
        assert_snapshot!(check(&[open, task(4, &["区数据局", "区科委"])], AdoptPlan::default()), @r#"
        finding_open [("name", "依据")]
        title_missing []
        period_missing []
        body_unknown [("name", "区数据局"), ("named", "1")]
        body_ambiguous [("name", "区科委")]
        "#);
    }

    #[test]
    fn an_unknown_body_is_mapped_or_created_and_never_guessed() {
        let findings = [title(), period(), task(3, &["区数据局"])];
        let with = |choice| AdoptPlan {
            bodies: BodyChoices::from([("区数据局".to_owned(), choice)]),
            ..AdoptPlan::default()
        };
        assert_snapshot!(check(&findings, AdoptPlan::default()), @r#"body_unknown [("name", "区数据局"), ("named", "1")]"#);
        assert_snapshot!(check(&findings, with(BodyChoice::Existing { body: id(10) })), @"1 tasks, 0 bodies created");
        assert_snapshot!(check(&findings, with(BodyChoice::Create { class: OrganisationClass::Department })), @"1 tasks, 1 bodies created");
        assert_snapshot!(check(&findings, with(BodyChoice::Existing { body: id(99) })), @r#"body_unknown [("name", "区数据局"), ("named", "1")]"#);
    }

    #[test]
    fn a_task_that_names_nobody_falls_to_the_keeper_and_says_so() {
        let findings = [title(), period(), task(3, &[])];
        assert_snapshot!(check(&findings, AdoptPlan::default()), @r#"owner_missing [("tasks", "1"), ("indicators", "0")]"#);
        let it = adopt(&findings, AdoptPlan { keeper: Some(id(10)), ..AdoptPlan::default() }).unwrap();
        assert_eq!((it.tasks[0].responsible[0], it.tasks[0].owner_by_default), (id(10), true));
        assert_eq!(it.tasks[0].deadline, Deadline { day: date(2026, 12, 31), by_default: true });
    }

    #[test]
    fn a_copy_to_be_read_needs_no_owners() {
        let copy = AdoptPlan { imported_copy: true, ..AdoptPlan::default() };
        assert_snapshot!(check(&[title(), period(), task(3, &["区数据局"])], copy), @"1 tasks, 0 bodies created");
    }

    #[test]
    fn a_new_version_supersedes_the_old_one() {
        let findings = [title(), period(), task(3, &["区财政局"])];
        let first = adopt(&findings, AdoptPlan::default()).unwrap().plan;
        let second =
            adopt(&findings, AdoptPlan { supersedes: Some(first.clone()), ..AdoptPlan::default() }).unwrap();
        assert_eq!(
            (second.plan.version, second.superseded.map(|it| it.status)),
            (2, Some(PlanStatus::Superseded))
        );
        let withdrawn = Plan { status: PlanStatus::Withdrawn, ..first };
        let command = AdoptPlan { supersedes: Some(withdrawn), ..AdoptPlan::default() };
        assert_snapshot!(check(&findings, command), @"the plan to supersede is not in force");
    }

    #[test]
    fn periods_are_years_or_days() {
        assert_eq!(parse_period("2024—2026"), Some((date(2024, 1, 1), date(2026, 12, 31))));
        assert_eq!(parse_period("2024-03-01/2025-02-28"), Some((date(2024, 3, 1), date(2025, 2, 28))));
        assert_eq!(parse_period("十四五"), None);
    }
}
