//! Tasks: reading them, changing them, reporting on them, checking reports.

use jiff::civil::Date;

use hutong_kernel::{Action, EvidenceId, Id, LightId, OrganisationId, ReportId, TaskId};
use hutong_store::{Change, JournalEntry, Query, Record, Sha256, StoreError, Stored, Version};

use super::{Plans, ServiceError};
use crate::light::Light;
use crate::plan::{Plan, PlanRefusal, PlanStatus};
use crate::report_progress::{
    MilestoneDone, ProgressReport, ReportProgress, ReportRefusal, check_report, report_progress,
    return_report,
};
use crate::source::EvidenceFile;
use crate::task::{EditTask, Task, TaskRefusal, edit_task};

/// A task with everything around it.
#[derive(Debug, Clone)]
pub struct TaskView {
    /// The task.
    pub task: Stored<Task>,
    /// Its plan.
    pub plan: Stored<Plan>,
    /// Its light; none in an imported copy.
    pub light: Option<Stored<Light>>,
    /// Its reports, the newest first.
    pub reports: Vec<Stored<ProgressReport>>,
}

impl TaskView {
    /// The report that waits for a check.
    pub fn waiting(&self) -> Option<&Stored<ProgressReport>> {
        self.reports.iter().find(|it| it.check.is_waiting())
    }
}

/// A report as a department hands it in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// The day it holds for; today without one.
    pub as_of: Option<Date>,
    /// Percent done.
    pub percent: u8,
    /// What was done.
    pub narrative: String,
    /// Steps that are done.
    pub milestones_done: Vec<MilestoneDone>,
    /// Files that show it: name and content.
    pub evidence: Vec<(String, Vec<u8>)>,
    /// Why it is less than before.
    pub why_less: Option<String>,
}

impl Plans<'_> {
    /// A task of a plan that may be seen.
    ///
    /// # Errors
    /// [`TaskRefusal::NotFound`].
    pub async fn task(&self, id: TaskId) -> Result<TaskView, ServiceError> {
        let task = self.store.get::<Task>(id).await?.ok_or(TaskRefusal::NotFound)?;
        let plan = match self.plan(task.plan).await {
            Err(ServiceError::Plan(PlanRefusal::NotFound)) => return Err(TaskRefusal::NotFound.into()),
            other => other?,
        };
        let light = self.store.get::<Light>(LightId::from_uuid(id.uuid())).await?;
        let reports = self.store.all::<ProgressReport>(Query::new("by_task").equal(id).descending()).await?;
        Ok(TaskView { task, plan, light, reports })
    }

    /// The versions of a task's or an indicator's light, the oldest first: its history.
    ///
    /// # Errors
    /// The store's.
    pub async fn light_history(&self, id: LightId) -> Result<Vec<(Light, JournalEntry)>, ServiceError> {
        let entries =
            self.store.history(Light::KIND, id.uuid(), None, hutong_store::limits::PAGE_MAX).await?;
        let mut history = Vec::with_capacity(entries.len());
        for entry in entries {
            let light = serde_json::from_value(entry.body.clone());
            let light = light.map_err(|error| StoreError::fault("reading a light's history", error))?;
            history.push((light, entry));
        }
        history.sort_by_key(|(_, entry)| entry.seq);
        Ok(history)
    }

    /// Changes a task's owners, dates and words.
    ///
    /// # Errors
    /// [`TaskRefusal`].
    pub async fn edit_task(
        &self,
        id: TaskId,
        expected: Option<Version>,
        edit: EditTask,
        reason: &str,
    ) -> Result<Stored<Task>, ServiceError> {
        self.may(Action::EditPlan)?;
        let view = self.task(id).await?;
        in_force(&view.plan)?;
        let changed = edit_task(&view.task, edit, self.ctx.today)?;
        let mut change = self.begin(reason);
        change.update(expected.unwrap_or(view.task.version), &changed);
        let task = self.commit(change).await?;
        self.refresh_lights_of(view.plan.id).await?;
        Ok(task)
    }

    /// Hands a report in, with its evidence.
    ///
    /// # Errors
    /// [`ReportRefusal`].
    pub async fn report_progress(
        &self,
        task: TaskId,
        report: Report,
        reason: &str,
    ) -> Result<Stored<ProgressReport>, ServiceError> {
        let view = self.task(task).await?;
        self.may_for(Action::ReportProgress, &view.task.responsible)?;
        self.hand_in(view, self.ctx.principal.organisation(), report, reason).await
    }

    /// Hands in what `organisation` reports; the caller has asked the permission table.
    pub(super) async fn hand_in(
        &self,
        view: TaskView,
        organisation: Option<OrganisationId>,
        report: Report,
        reason: &str,
    ) -> Result<Stored<ProgressReport>, ServiceError> {
        in_force(&view.plan)?;
        let mut change = self.begin(reason);
        let mut evidence = Vec::with_capacity(report.evidence.len());
        for (name, bytes) in report.evidence {
            evidence.push(self.keep_evidence(&mut change, name, bytes).await?);
        }
        let command = ReportProgress {
            id: change.new_id::<ReportId>(),
            organisation,
            reported_by: self.ctx.principal.person(),
            as_of: report.as_of.unwrap_or(self.ctx.today),
            percent: report.percent,
            narrative: report.narrative,
            milestones_done: report.milestones_done,
            evidence,
            why_less: report.why_less,
        };
        let reports: Vec<ProgressReport> = view.reports.iter().map(|it| it.record.clone()).collect();
        let reported = report_progress(&view.task, &reports, command, self.ctx.today)?;
        change.create(&reported.report);
        if let Some(replaced) = &reported.replaced
            && let Some(old) = view.reports.iter().find(|it| it.id == replaced.id)
        {
            change.update(old.version, replaced);
        }
        let stored = self.commit(change).await?;
        self.refresh_lights_of(view.plan.id).await?;
        Ok(stored)
    }

    pub(super) async fn keep_evidence(
        &self,
        change: &mut Change,
        name: String,
        bytes: Vec<u8>,
    ) -> Result<EvidenceFile, ServiceError> {
        let file = self.store.put_file(bytes).await?;
        let name: String =
            name.chars().filter(|c| !c.is_control() && !matches!(c, '/' | '\\')).take(255).collect();
        Ok(EvidenceFile {
            id: change.new_id::<EvidenceId>(),
            media_type: media_type(&name).to_owned(),
            name,
            bytes: file.len,
            sha256: file.sha256.to_string(),
        })
    }

    /// The content of an evidence file of a report that may be seen.
    ///
    /// # Errors
    /// [`ReportRefusal::NotFound`].
    pub async fn evidence(
        &self,
        report: ReportId,
        file: EvidenceId,
    ) -> Result<(EvidenceFile, Vec<u8>), ServiceError> {
        let report = self.store.get::<ProgressReport>(report).await?.ok_or(ReportRefusal::NotFound)?;
        // What departments hand in to be checked is not public with the plan.
        self.may(Action::ViewPlans)?;
        let file = report.evidence.iter().find(|it| it.id == file).cloned().ok_or(ReportRefusal::NotFound)?;
        let sha256: Sha256 =
            file.sha256.parse().map_err(|error| StoreError::fault("naming a file", error))?;
        let bytes = self.store.read_file(&sha256).await?;
        Ok((file, bytes))
    }

    /// Finds a report right; the task changes with it.
    ///
    /// # Errors
    /// [`ReportRefusal`].
    pub async fn check_report(
        &self,
        id: ReportId,
        expected: Option<Version>,
        reason: &str,
    ) -> Result<Stored<ProgressReport>, ServiceError> {
        self.may(Action::CheckProgress)?;
        let report = self.store.get::<ProgressReport>(id).await?.ok_or(ReportRefusal::NotFound)?;
        let view = self.task(report.task).await?;
        in_force(&view.plan)?;
        let (checked, task) = check_report(&view.task, &report, self.ctx.principal.person(), self.ctx.today)?;
        let mut change = self.begin(reason);
        change.update(expected.unwrap_or(report.version), &checked);
        change.update(view.task.version, &task);
        let stored = self.commit(change).await?;
        self.refresh_lights_of(view.plan.id).await?;
        Ok(stored)
    }

    /// Gives a report back; `why` is what the department reads.
    ///
    /// # Errors
    /// [`ReportRefusal`].
    pub async fn return_report(
        &self,
        id: ReportId,
        expected: Option<Version>,
        why: &str,
        reason: &str,
    ) -> Result<Stored<ProgressReport>, ServiceError> {
        self.may(Action::CheckProgress)?;
        let report = self.store.get::<ProgressReport>(id).await?.ok_or(ReportRefusal::NotFound)?;
        let returned = return_report(&report, why, self.ctx.principal.person(), self.ctx.today)?;
        let mut change = self.begin(reason);
        change.update(expected.unwrap_or(report.version), &returned);
        let stored = self.commit(change).await?;
        self.refresh_lights_of(report.plan).await?;
        Ok(stored)
    }
}

/// Refuses work on a plan that is not in force here.
pub(super) fn in_force(plan: &Plan) -> Result<(), PlanRefusal> {
    if plan.status != PlanStatus::InForce {
        return Err(PlanRefusal::NotInForce { status: plan.status.name().to_owned() });
    }
    if plan.imported_copy {
        return Err(PlanRefusal::ImportedCopy);
    }
    Ok(())
}

/// Media type by the name's ending. It is never shown in the page: files are sent as attachments.
fn media_type(name: &str) -> &'static str {
    let ending = name.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    match ending.as_str() {
        "pdf" => "application/pdf",
        "jpg" | "jpeg" => "image/jpeg",
        "png" => "image/png",
        "docx" => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "xlsx" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "txt" | "csv" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}
