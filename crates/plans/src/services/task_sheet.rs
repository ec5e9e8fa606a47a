//! The ledger of tasks as a spreadsheet: which rows go out, and what a filled one would change.

use hutong_kernel::permission::Scope;
use hutong_kernel::refusal::AnyRefusal;
use hutong_kernel::{Action, OrganisationId, PlanId, Target as Touched};
use hutong_store::{StoreError, Stored};

use super::{Board, Plans, Report, ServiceError, TaskRow};
use crate::refusals::refusals;
use crate::task::Task;
use crate::task_spreadsheet::{FilledRow, FilledSheet};

/// What a filled ledger would change.
#[derive(Debug, Default)]
pub struct SheetPreview {
    /// Reports that would be handed in.
    pub changes: Vec<SheetChange>,
    /// Rows that say what was reported already.
    pub unchanged: usize,
    /// Rows that were left empty.
    pub empty: usize,
    /// Rows that cannot be taken.
    pub errors: Vec<SheetError>,
}

/// A report that a row would hand in.
#[derive(Debug, Clone)]
pub struct SheetChange {
    /// Row in the sheet, from 1.
    pub row: u32,
    /// The task.
    pub task: Stored<Task>,
    /// Percent that was reported last, checked or not.
    pub before: Option<u8>,
    /// Percent that the row states.
    pub percent: u8,
    /// What was done.
    pub narrative: String,
}

/// A row that cannot be taken.
#[derive(Debug)]
pub struct SheetError {
    /// Row in the sheet, from 1.
    pub row: u32,
    /// Why.
    pub refusal: AnyRefusal,
}

refusals! {
    /// Why a row does not fit what is there now.
    pub enum SheetRowRefusal {
        /// The task is of another plan, or may not be reported on by the caller.
        NotYours => ("plans.sheet.not_yours", 403, "the row's task is not the caller's to report on"),
        /// The task was changed since the file was made.
        Stale { was: u64, is: u64 } => ("plans.sheet.stale", 409, "the file was made for version {was}, the task has version {is}"),
    }
}

impl Plans<'_> {
    /// The tasks of a plan that the caller may take out: all, or the own department's.
    ///
    /// # Errors
    /// Denied, or no such plan.
    pub async fn tasks_to_export(&self, plan: PlanId) -> Result<Board, ServiceError> {
        self.may(Action::ExportTasks)?;
        let mut board = self.board(plan).await?;
        if self.ctx.principal.scope(Action::ExportTasks) != Scope::All {
            board.tasks.retain(|it| self.is_for_caller(Action::ExportTasks, &it.task.bodies()));
        }
        Ok(board)
    }

    fn is_for_caller(&self, action: Action, organisations: &[OrganisationId]) -> bool {
        self.ctx.may(action, Touched::Of { organisations, person: None }).is_ok()
    }

    /// Says what a filled ledger would change; changes nothing.
    ///
    /// # Errors
    /// Denied, or no such plan; rows that cannot be taken are in the preview.
    pub async fn preview_sheet(
        &self,
        plan: PlanId,
        sheet: FilledSheet,
    ) -> Result<SheetPreview, ServiceError> {
        self.may(Action::ImportTasks)?;
        let board = self.board(plan).await?;
        let mut preview = SheetPreview { empty: sheet.empty, ..SheetPreview::default() };
        preview.errors.extend(
            sheet
                .errors
                .into_iter()
                .map(|error| SheetError { row: error.row, refusal: error.refusal.into() }),
        );
        for filled in sheet.rows {
            let row = filled.row;
            match self.judge(&board, filled) {
                Ok(Some(change)) => preview.changes.push(change),
                Ok(None) => preview.unchanged += 1,
                Err(refusal) => preview.errors.push(SheetError { row, refusal: refusal.into() }),
            }
        }
        preview.errors.sort_by_key(|error| error.row);
        Ok(preview)
    }

    fn judge(&self, board: &Board, filled: FilledRow) -> Result<Option<SheetChange>, SheetRowRefusal> {
        let known = board.tasks.iter().find(|it| it.task.id == filled.key.task);
        let TaskRow { task, report, .. } = known.ok_or(SheetRowRefusal::NotYours)?;
        let percent = filled.percent.unwrap_or_default();
        let narrative = filled.narrative.trim();
        if report.as_ref().is_some_and(|it| it.percent == percent && it.narrative == narrative) {
            return Ok(None);
        }
        // A department's ledger also shows the tasks that it only helps with; left as they are, they are no mistake.
        if !self.is_for_caller(Action::ImportTasks, &task.responsible) {
            return Err(SheetRowRefusal::NotYours);
        }
        if filled.key.version != task.version.0 {
            return Err(SheetRowRefusal::Stale { was: filled.key.version, is: task.version.0 });
        }
        Ok(Some(SheetChange {
            row: filled.row,
            task: task.clone(),
            before: report.as_ref().map(|it| it.percent),
            percent,
            narrative: narrative.to_owned(),
        }))
    }

    /// Hands in what a preview says, one report for each row; a row that is refused leaves the others alone.
    ///
    /// Returns how many were handed in and which were refused.
    ///
    /// # Errors
    /// Denied; faults of the store end it, with the rows before handed in.
    pub async fn apply_sheet(
        &self,
        changes: Vec<SheetChange>,
        reason: &str,
    ) -> Result<(usize, Vec<SheetError>), ServiceError> {
        self.may(Action::ImportTasks)?;
        let (mut handed_in, mut errors) = (0, Vec::new());
        for change in changes {
            match self.apply(&change, reason).await {
                Ok(()) => handed_in += 1,
                Err(ServiceError::Store(fault @ StoreError::Fault(_))) => return Err(fault.into()),
                Err(refused) => {
                    errors.push(SheetError { row: change.row, refusal: AnyRefusal::from(refused) })
                }
            }
        }
        Ok((handed_in, errors))
    }

    async fn apply(&self, change: &SheetChange, reason: &str) -> Result<(), ServiceError> {
        let view = self.task(change.task.id).await?;
        self.may_for(Action::ImportTasks, &view.task.responsible)?;
        if view.task.version != change.task.version {
            let (was, is) = (change.task.version.0, view.task.version.0);
            return Err(SheetRowRefusal::Stale { was, is }.into());
        }
        let report = Report {
            as_of: None,
            percent: change.percent,
            narrative: change.narrative.clone(),
            milestones_done: Vec::new(),
            evidence: Vec::new(),
            why_less: None,
        };
        // A supervisor who brings in what a department filled in reports for that department.
        let organisation = match self.ctx.principal.organisation() {
            Some(own) if view.task.responsible.contains(&own) => Some(own),
            _ => view.task.responsible.first().copied(),
        };
        self.hand_in(view, organisation, report, reason).await.map(|_report| ())
    }
}
