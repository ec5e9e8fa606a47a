//! The demo's three-year action plan: its tasks and what is reported on them.

use std::collections::BTreeMap;

use anyhow::Context;
use hutong_kernel::TaskId;
use hutong_plans::light::expected_percent;
use hutong_plans::services::{AdoptRequest, Report};
use hutong_plans::task::{EditTask, Milestone, Task};
use hutong_store::Query;
use jiff::ToSpan as _;
use jiff::civil::Date;
use serde::Deserialize;

use super::documents::{Paper, render, years};
use super::{Deed, Deeds, Step, fault};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Data {
    headings: Vec<String>,
    actions: Vec<String>,
    basis: BTreeMap<String, String>,
    task: Vec<Wish>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wish {
    heading: usize,
    action: usize,
    title: String,
    content: String,
    responsible: Vec<String>,
    cooperating: Vec<String>,
    basis: Vec<String>,
    due: i32,
    course: Course,
}

/// The story of a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Course {
    Done,
    OnTrack,
    DueSoon,
    Behind,
    Late,
    Recovered,
    Returned,
    Waiting,
    NotReported,
    Withdrawn,
}

/// Something about a task.
#[derive(Debug, Clone)]
pub(super) enum TaskDeed {
    /// The supervisor sets deadline and milestones.
    Plan {
        /// Which.
        id: TaskId,
        /// The deadline.
        deadline: Date,
    },
    /// The department reports; the supervisor does what follows.
    Report {
        /// Which.
        id: TaskId,
        /// Whose officer.
        officer: String,
        /// The day it holds for.
        as_of: Date,
        /// How far.
        percent: Percent,
        /// What the supervisor does.
        then: Then,
    },
    /// The supervisor takes the task back.
    Withdraw {
        /// Which.
        id: TaskId,
    },
}

/// How far a task is said to be.
#[derive(Debug, Clone, Copy)]
pub(super) enum Percent {
    /// So many percent of what the path expects, and at most so many.
    OfExpected(u32, u8),
    /// All.
    All,
}

/// What the supervisor does with a report.
#[derive(Debug, Clone, Copy)]
pub(super) enum Then {
    Check,
    Return,
    Wait,
}

/// Days after the first day on which the action plan was adopted.
const ADOPTED_AFTER: i32 = 30;
/// Days after a quarter's end on which departments report.
const REPORTED_AFTER: i32 = 6;

impl Deeds<'_> {
    /// Adopts the action plan and lays out its reports.
    pub(super) async fn task_steps(&self) -> anyhow::Result<Vec<Step>> {
        let data: Data = toml::from_str(include_str!("../../data/demo/tasks.toml")).context("tasks.toml")?;
        let last_day = Date::new(self.story.year(3), 12, 31).context("last day")?;
        let adopted = self.story.first_day.checked_add(ADOPTED_AFTER.days()).context("adoption")?;
        let mut text = render(include_str!("../../data/demo/action.md"), &years(self));
        text.push_str(&self.annex(&data)?);
        let request = AdoptRequest {
            first_day: Some(self.story.first_day),
            last_day: Some(last_day),
            keeper: Some(self.people.body("office")?),
            released: true,
            ..AdoptRequest::default()
        };
        let title =
            format!("槐安区数字与城市发展三年行动计划({}—{}年)", self.story.year(1), self.story.year(3));
        let paper = Paper {
            file_name: "数字与城市发展三年行动计划.md",
            text,
            title,
            targets: Vec::new(),
            with_tasks: true,
        };
        let plan = self.adopt(adopted, paper, request).await?;
        let tasks = self.fill.store.all::<Task>(Query::new("by_plan").equal(plan)).await?;
        let mut steps = Vec::new();
        for wish in &data.task {
            let id = tasks.iter().find(|it| it.title == wish.title).map(|it| it.id);
            let id = id.with_context(|| format!("{} was not adopted", wish.title))?;
            self.lay_out(id, wish, adopted, last_day, &mut steps)?;
        }
        Ok(steps)
    }

    /// The annex with all tasks, as such documents print it.
    fn annex(&self, data: &Data) -> anyhow::Result<String> {
        let mut text = String::from(
            "\n| 序号 | 专项行动 | 任务名称 | 任务内容 | 责任部门 | 配合部门 | 依据 |\n| --- | --- | --- | --- | --- | --- | --- |\n",
        );
        let mut number = 0;
        for (index, heading) in data.headings.iter().enumerate() {
            let numeral = ["一", "二", "三", "四", "五"].get(index).copied().unwrap_or("");
            text.push_str(&format!("| {numeral}、{heading} | | | | | | |\n"));
            for wish in data.task.iter().filter(|it| it.heading == index) {
                number += 1;
                let names = |keys: &[String]| -> anyhow::Result<String> {
                    let names: anyhow::Result<Vec<&str>> =
                        keys.iter().map(|it| self.people.body_name(it)).collect();
                    Ok(names?.join("、"))
                };
                let cooperating =
                    if wish.cooperating.is_empty() { "无".to_owned() } else { names(&wish.cooperating)? };
                let basis: Vec<&str> =
                    wish.basis.iter().filter_map(|it| data.basis.get(it)).map(String::as_str).collect();
                let basis = if basis.is_empty() { "无".to_owned() } else { basis.join("") };
                let action = data.actions.get(wish.action).context("special action")?;
                text.push_str(&format!(
                    "| {number} | {action} | {} | {} | {} | {cooperating} | {basis} |\n",
                    wish.title,
                    wish.content,
                    names(&wish.responsible)?,
                ));
            }
        }
        Ok(text)
    }

    fn lay_out(
        &self,
        id: TaskId,
        wish: &Wish,
        adopted: Date,
        last_day: Date,
        steps: &mut Vec<Step>,
    ) -> anyhow::Result<()> {
        let story = self.story;
        let deadline = story.day(wish.due).min(last_day);
        steps.push(Step { day: adopted, deed: Deed::Task(TaskDeed::Plan { id, deadline }) });
        let officer = wish.responsible.first().context("a task has somebody in charge")?;
        let mut report = |as_of: Date, day: Date, percent: Percent, then: Then| {
            let deed = TaskDeed::Report { id, officer: officer.clone(), as_of, percent, then };
            steps.push(Step { day: day.max(as_of).min(story.today), deed: Deed::Task(deed) });
        };
        let finished = match wish.course {
            Course::Done => Some(story.day(wish.due - 12)),
            Course::Recovered => Some(story.day(wish.due + 35)),
            _ => None,
        };
        let withdrawn = (wish.course == Course::Withdrawn).then(|| story.day(-50));
        let ends = story.quarter_ends(adopted);
        let skip = if wish.course == Course::NotReported { 2 } else { 0 };
        for as_of in ends.iter().copied().skip(skip) {
            let day = as_of.checked_add(REPORTED_AFTER.days()).unwrap_or(as_of);
            if finished.or(withdrawn).is_some_and(|end| end <= day) {
                continue;
            }
            let percent = match wish.course {
                Course::Behind => Percent::OfExpected(55, 90),
                Course::Late | Course::Recovered => Percent::OfExpected(84, 84),
                _ => Percent::OfExpected(104, 96),
            };
            report(as_of, day, percent, Then::Check);
        }
        if let Some(day) = finished {
            report(day, day, Percent::All, Then::Check);
        }
        let newest = ends.first().copied().unwrap_or(adopted);
        let lately = story.day(-2).max(newest);
        match wish.course {
            Course::Returned => report(lately, story.day(-1), Percent::OfExpected(104, 97), Then::Return),
            Course::Waiting => report(lately, story.day(-1), Percent::OfExpected(104, 97), Then::Wait),
            _ => {}
        }
        if let Some(day) = withdrawn {
            steps.push(Step { day, deed: Deed::Task(TaskDeed::Withdraw { id }) });
        }
        Ok(())
    }

    /// Carries out a deed about a task.
    pub(super) async fn do_task(&self, day: Date, deed: TaskDeed) -> anyhow::Result<()> {
        let supervisor = self.people.person("supervisor")?;
        match deed {
            TaskDeed::Plan { id, deadline } => {
                let ctx = self.story.context(supervisor, day);
                let newest = self.story.quarter_ends(day).first().copied().unwrap_or(day);
                let milestones = milestones(self.story.first_day, deadline, newest, self.story.today);
                let edit = EditTask {
                    deadline: Some(deadline),
                    milestones: Some(milestones),
                    ..EditTask::default()
                };
                self.plans(&ctx)
                    .edit_task(id, None, edit, "分解任务,明确时限和节点")
                    .await
                    .map_err(|it| fault("planning", it.refusal()))?;
            }
            TaskDeed::Withdraw { id } => {
                let ctx = self.story.context(supervisor, day);
                let edit = EditTask { withdraw: true, ..EditTask::default() };
                self.plans(&ctx)
                    .edit_task(id, None, edit, "并入市级统一评价,不再单独开展")
                    .await
                    .map_err(|it| fault("withdrawing", it.refusal()))?;
            }
            TaskDeed::Report { id, officer, as_of, percent, then } => {
                self.report(day, (id, &officer), as_of, percent, then).await?;
            }
        }
        Ok(())
    }

    async fn report(
        &self,
        day: Date,
        (id, officer): (TaskId, &str),
        as_of: Date,
        percent: Percent,
        then: Then,
    ) -> anyhow::Result<()> {
        let ctx = self.story.context(self.people.person(officer)?, day);
        let plans = self.plans(&ctx);
        let view = plans.task(id).await.map_err(|it| fault("loading", it.refusal()))?;
        let (percent, narrative) = match percent {
            Percent::All => (100, "任务全部完成,已组织验收,材料附后。".to_owned()),
            Percent::OfExpected(share, most) => {
                let expected = u32::from(expected_percent(&view.task, as_of));
                let percent = u8::try_from(expected * share / 100).unwrap_or(100).min(most);
                (percent, format!("截至{as_of}完成{percent}%,各项工作按分工推进,存在的问题已列入清单。"))
            }
        };
        let milestones_done = view
            .task
            .milestones
            .iter()
            .enumerate()
            .filter(|(_, step)| step.done.is_none() && (step.due <= as_of || percent == 100))
            .map(|(index, step)| hutong_plans::report_progress::MilestoneDone {
                index,
                on: step.due.min(as_of),
            })
            .collect();
        let note = format!("{}\n{narrative}\n本文件为虚构,仅供演示。\n", view.task.title);
        let why_less =
            view.task.progress.filter(|it| percent < it.percent).map(|_| "按核实结果调整".to_owned());
        let report = Report {
            as_of: Some(as_of),
            percent,
            narrative,
            milestones_done,
            evidence: vec![(format!("进展说明{as_of}.txt"), note.into_bytes())],
            why_less,
        };
        let stored = plans
            .report_progress(id, report, "按季填报进展")
            .await
            .map_err(|it| fault("reporting", it.refusal()))?;
        let ctx = self.story.context(self.people.person("supervisor")?, day);
        let plans = self.plans(&ctx);
        match then {
            Then::Check => plans.check_report(stored.id, None, "材料齐全,情况属实").await,
            Then::Return => {
                let why = "佐证材料不足,请补充现场照片和验收记录。";
                plans.return_report(stored.id, None, why, "佐证材料不足").await
            }
            Then::Wait => return Ok(()),
        }
        .map_err(|it| fault("checking", it.refusal()))?;
        Ok(())
    }
}

/// Two steps on the way: a third and two thirds of the time.
///
/// None falls between the newest quarter's end and the day of the demo: it would have passed without a report that
/// could say so, on some days of the year and not on others.
fn milestones(start: Date, deadline: Date, newest: Date, today: Date) -> Vec<Milestone> {
    let days = start.until(deadline).map_or(0, |span| span.get_days());
    [("完成方案", 1), ("完成主体工作", 2)]
        .into_iter()
        .filter_map(|(name, third)| {
            let due = start.checked_add((days * third / 3).days()).ok()?;
            let due = if newest < due && due <= today { newest } else { due };
            Some(Milestone { name: name.to_owned(), due, done: None })
        })
        .collect()
}
