//! Indicators: reading them, stating values, correcting, checking, baselines and paths.

use jiff::civil::Date;

use hutong_kernel::{Action, EvidenceId, Id, IndicatorId, LightId, Quantity, StatementId};
use hutong_store::{Query, Sha256, StoreError, Stored, Version};

use super::tasks::in_force;
use super::{Plans, ServiceError};
use crate::edit_indicator::{EditIndicator, IndicatorRefusal, baselines_offered, edit_indicator};
use crate::evaluate_indicator::{Evaluation, evaluate};
use crate::indicator::{Baseline, Indicator};
use crate::light::Light;
use crate::plan::{Plan, PlanRefusal};
use crate::record_statement::{
    RecordStatement, StatementRefusal, check_statement, record_statement, return_statement,
};
use crate::source::{EvidenceFile, SourceRef};
use crate::statement::{StatedValue, Statement};

/// An indicator with everything around it.
#[derive(Debug, Clone)]
pub struct IndicatorView {
    /// The indicator.
    pub indicator: Stored<Indicator>,
    /// Its plan.
    pub plan: Stored<Plan>,
    /// Its light; none in an imported copy.
    pub light: Option<Stored<Light>>,
    /// All its statements in order of their day.
    pub statements: Vec<Stored<Statement>>,
    /// Where it stands today.
    pub evaluation: Evaluation,
    /// Results of the last period that could be its baseline.
    pub baselines: Vec<Statement>,
}

/// A value as it is stated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StateValue {
    /// The value.
    pub value: StatedValue,
    /// First day covered, for a flow.
    pub from: Option<Date>,
    /// The day it holds for.
    pub as_of: Date,
    /// Title of the document or system it comes from.
    pub source: String,
    /// Page, table or clause in it.
    pub locator: Option<String>,
    /// Files that show it: name and content.
    pub evidence: Vec<(String, Vec<u8>)>,
    /// The statement it corrects.
    pub supersedes: Option<StatementId>,
}

impl Plans<'_> {
    /// An indicator of a plan that may be seen.
    ///
    /// # Errors
    /// [`IndicatorRefusal::NotFound`].
    pub async fn indicator(&self, id: IndicatorId) -> Result<IndicatorView, ServiceError> {
        let indicator = self.store.get::<Indicator>(id).await?.ok_or(IndicatorRefusal::NotFound)?;
        let plan = match self.plan(indicator.plan).await {
            Err(ServiceError::Plan(PlanRefusal::NotFound)) => return Err(IndicatorRefusal::NotFound.into()),
            other => other?,
        };
        let light = self.store.get::<Light>(LightId::from_uuid(id.uuid())).await?;
        let statements = self.store.all::<Statement>(Query::new("by_indicator").equal(id)).await?;
        let plain: Vec<Statement> = statements.iter().map(|it| it.record.clone()).collect();
        let evaluation = evaluate(&indicator, &plain, self.ctx.today);
        let results =
            self.store.all::<Statement>(Query::new("by_indicator").equal(None::<IndicatorId>)).await?;
        let results: Vec<Statement> =
            results.into_iter().map(|it| it.record).filter(|it| it.plan == plan.id).collect();
        let baselines = baselines_offered(&indicator, &results).into_iter().cloned().collect();
        Ok(IndicatorView { indicator, plan, light, statements, evaluation, baselines })
    }

    /// States a value, or corrects one.
    ///
    /// # Errors
    /// [`StatementRefusal`].
    pub async fn record_statement(
        &self,
        id: IndicatorId,
        value: StateValue,
        reason: &str,
    ) -> Result<Stored<Statement>, ServiceError> {
        let view = self.indicator(id).await?;
        self.may_for(Action::RecordStatement, &view.indicator.owners)?;
        in_force(&view.plan)?;
        let mut change = self.begin(reason);
        let mut files = Vec::with_capacity(value.evidence.len());
        for (name, bytes) in value.evidence {
            files.push(self.keep_evidence(&mut change, name, bytes).await?);
        }
        let command = RecordStatement {
            id: change.new_id(),
            indicator: id,
            value: value.value,
            from: value.from,
            as_of: value.as_of,
            source: SourceRef {
                title: value.source.trim().to_owned(),
                locator: value.locator,
                place: None,
                files,
            },
            supersedes: value.supersedes,
            organisation: self.ctx.principal.organisation(),
            stated_by: self.ctx.principal.person(),
        };
        let statements: Vec<Statement> = view.statements.iter().map(|it| it.record.clone()).collect();
        let statement = record_statement(&view.indicator, &statements, command, self.ctx.today)?;
        change.create(&statement);
        let stored = self.commit(change).await?;
        self.refresh_lights_of(view.plan.id).await?;
        Ok(stored)
    }

    /// The content of a file that was handed in with a statement.
    ///
    /// # Errors
    /// [`StatementRefusal::NotFound`].
    pub async fn statement_evidence(
        &self,
        view: &IndicatorView,
        statement: StatementId,
        file: EvidenceId,
    ) -> Result<(EvidenceFile, Vec<u8>), ServiceError> {
        // What departments hand in to be checked is not public with the plan.
        self.may(Action::ViewPlans)?;
        let statement =
            view.statements.iter().find(|it| it.id == statement).ok_or(StatementRefusal::NotFound)?;
        let file =
            statement.source.files.iter().find(|it| it.id == file).ok_or(StatementRefusal::NotFound)?;
        let sha256: Sha256 =
            file.sha256.parse().map_err(|error| StoreError::fault("naming a file", error))?;
        let bytes = self.store.read_file(&sha256).await?;
        Ok((file.clone(), bytes))
    }

    /// Finds a statement right; it is in force from then on.
    ///
    /// # Errors
    /// [`StatementRefusal`].
    pub async fn check_statement(
        &self,
        id: StatementId,
        expected: Option<Version>,
        reason: &str,
    ) -> Result<Stored<Statement>, ServiceError> {
        self.may(Action::CheckStatement)?;
        let statement = self.store.get::<Statement>(id).await?.ok_or(StatementRefusal::NotFound)?;
        let checked = check_statement(&statement, self.ctx.principal.person(), self.ctx.today)?;
        let mut change = self.begin(reason);
        change.update(expected.unwrap_or(statement.version), &checked);
        let stored = self.commit(change).await?;
        self.refresh_lights_of(statement.plan).await?;
        Ok(stored)
    }

    /// Gives a statement back; `why` is what the department reads.
    ///
    /// # Errors
    /// [`StatementRefusal`].
    pub async fn return_statement(
        &self,
        id: StatementId,
        expected: Option<Version>,
        why: &str,
        reason: &str,
    ) -> Result<Stored<Statement>, ServiceError> {
        self.may(Action::CheckStatement)?;
        let statement = self.store.get::<Statement>(id).await?.ok_or(StatementRefusal::NotFound)?;
        let returned = return_statement(&statement, why, self.ctx.principal.person(), self.ctx.today)?;
        let mut change = self.begin(reason);
        change.update(expected.unwrap_or(statement.version), &returned);
        let stored = self.commit(change).await?;
        self.refresh_lights_of(statement.plan).await?;
        Ok(stored)
    }

    /// Changes an indicator's baseline, path, owners or deadline.
    ///
    /// # Errors
    /// [`IndicatorRefusal`].
    pub async fn edit_indicator(
        &self,
        id: IndicatorId,
        expected: Option<Version>,
        edit: EditIndicator,
        reason: &str,
    ) -> Result<Stored<Indicator>, ServiceError> {
        self.may(Action::EditPlan)?;
        let view = self.indicator(id).await?;
        let changed = edit_indicator(&view.indicator, edit)?;
        let mut change = self.begin(reason);
        change.update(expected.unwrap_or(view.indicator.version), &changed);
        let stored = self.commit(change).await?;
        self.refresh_lights_of(view.plan.id).await?;
        Ok(stored)
    }

    /// Takes a result of the last period as the baseline.
    ///
    /// # Errors
    /// [`StatementRefusal::NotFound`], [`IndicatorRefusal`].
    pub async fn take_baseline(
        &self,
        id: IndicatorId,
        result: StatementId,
        reason: &str,
    ) -> Result<Stored<Indicator>, ServiceError> {
        let result = self.store.get::<Statement>(result).await?.ok_or(StatementRefusal::NotFound)?;
        let value = result.value.quantity().cloned();
        let baseline =
            Baseline { day: result.as_of, value, source: result.source.clone(), statement: Some(result.id) };
        self.edit_indicator(
            id,
            None,
            EditIndicator { baseline: Some(baseline), ..EditIndicator::default() },
            reason,
        )
        .await
    }

    /// States a baseline that no result of the document gives.
    ///
    /// # Errors
    /// [`IndicatorRefusal`].
    pub async fn state_baseline(
        &self,
        id: IndicatorId,
        day: Date,
        value: Quantity,
        source: &str,
        reason: &str,
    ) -> Result<Stored<Indicator>, ServiceError> {
        let baseline =
            Baseline { day, value: Some(value), source: SourceRef::titled(source.trim()), statement: None };
        self.edit_indicator(
            id,
            None,
            EditIndicator { baseline: Some(baseline), ..EditIndicator::default() },
            reason,
        )
        .await
    }
}
