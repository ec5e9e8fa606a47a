//! What callers send.
//!
//! Unknown fields are refused, so that a slip of the pen is told and not swallowed.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hutong_api::ApiRefusal;
use hutong_kernel::{OrganisationId, PlanId, Quantity, StatementId, Unit};
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::Deserialize;
use utoipa::ToSchema;

use super::items::Amount;
use crate::report_progress::MilestoneDone;
use crate::services::{Report, StateValue};
use crate::statement::StatedValue;

/// Why; the journal keeps it.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "reason": "checked against the register" }))]
pub struct Reason {
    /// The words.
    pub reason: String,
}

/// Whether a plan is public.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Release {
    /// Show it to everybody?
    pub released: bool,
    /// Why; the journal keeps it.
    pub reason: String,
}

/// Why something goes back to whoever handed it in, and why to the journal.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Return {
    /// What is to be mended; whoever handed it in reads it.
    pub why: String,
}

/// A file, in base64.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct File {
    /// Its name.
    pub name: String,
    /// Its content in base64 (RFC 4648 §4).
    #[schema(format = Byte)]
    pub content: String,
}

fn files(files: &[File]) -> Result<Vec<(String, Vec<u8>)>, ApiRefusal> {
    let read = |file: &File| match STANDARD.decode(&file.content) {
        Ok(bytes) => Ok((file.name.clone(), bytes)),
        Err(error) => Err(ApiRefusal::WrongShape { what: format!("evidence {}: {error}", file.name) }),
    };
    files.iter().map(read).collect()
}

/// A report of progress.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "percent": 40, "narrative": "Contracts signed, building has begun." }))]
pub struct ReportRequest {
    /// The day it holds for; today without one.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    pub as_of: Option<Date>,
    /// How much is done, in percent of the whole.
    #[schema(minimum = 0, maximum = 100)]
    pub percent: u8,
    /// What was done.
    pub narrative: String,
    /// Steps that are done.
    #[serde(default)]
    pub milestones_done: Vec<StepDone>,
    /// Files that show it.
    #[serde(default)]
    pub evidence: Vec<File>,
    /// Why it is less than before.
    #[serde(default)]
    pub why_less: Option<String>,
}

/// A step that is done.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StepDone {
    /// Its place among the task's milestones, from 0.
    pub index: usize,
    /// The day.
    #[schema(value_type = String, format = Date)]
    pub on: Date,
}

impl ReportRequest {
    /// As the service takes it.
    pub(super) fn report(&self) -> Result<Report, ApiRefusal> {
        Ok(Report {
            as_of: self.as_of,
            percent: self.percent,
            narrative: self.narrative.clone(),
            milestones_done: self
                .milestones_done
                .iter()
                .map(|step| MilestoneDone { index: step.index, on: step.on })
                .collect(),
            evidence: files(&self.evidence)?,
            why_less: self.why_less.clone(),
        })
    }
}

/// A dated, sourced value.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "value": { "value": "640", "unit": "家" }, "as_of": "2026-06-30", "source": "Register of the science bureau" }))]
pub struct StatementRequest {
    /// The number, where the indicator is one.
    #[serde(default)]
    pub value: Option<Amount>,
    /// The words, where it is words.
    #[serde(default)]
    pub words: Option<String>,
    /// Where it is words: is the promise kept?
    #[serde(default)]
    pub met: Option<bool>,
    /// First day that a flow covers.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    pub from: Option<Date>,
    /// The day it holds for.
    #[schema(value_type = String, format = Date)]
    pub as_of: Date,
    /// Title of the document or system it comes from.
    pub source: String,
    /// Page, table or clause in it.
    #[serde(default)]
    pub locator: Option<String>,
    /// Files that show it.
    #[serde(default)]
    pub evidence: Vec<File>,
    /// The statement that it corrects.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Uuid)]
    pub supersedes: Option<StatementId>,
    /// Why; the journal keeps it.
    #[serde(default)]
    pub reason: Option<String>,
}

impl StatementRequest {
    /// As the service takes it.
    pub(super) fn state_value(&self) -> Result<StateValue, ApiRefusal> {
        let value = match (&self.value, &self.words) {
            (Some(amount), None) => StatedValue::Number { quantity: quantity(amount)? },
            (None, Some(words)) => {
                StatedValue::Judgement { words: words.clone(), met: self.met.unwrap_or_default() }
            }
            (Some(_), Some(_)) | (None, None) => {
                return Err(ApiRefusal::WrongShape { what: "either `value` or `words`".to_owned() });
            }
        };
        Ok(StateValue {
            value,
            from: self.from,
            as_of: self.as_of,
            source: self.source.clone(),
            locator: self.locator.clone(),
            evidence: files(&self.evidence)?,
            supersedes: self.supersedes,
        })
    }
}

fn quantity(amount: &Amount) -> Result<Quantity, ApiRefusal> {
    match amount.value.parse::<Decimal>() {
        Ok(value) => Ok(Quantity::new(value, Unit::parse(&amount.unit))),
        Err(error) => Err(ApiRefusal::WrongShape { what: format!("value: {error}") }),
    }
}

/// What is changed of a task; what is left out stays as it is.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TaskEdit {
    /// Title.
    #[serde(default)]
    pub title: Option<String>,
    /// What is to be done.
    #[serde(default)]
    pub content: Option<String>,
    /// Bodies in charge, the leading one first.
    #[serde(default)]
    #[schema(value_type = Option<Vec<String>>)]
    pub responsible: Option<Vec<OrganisationId>>,
    /// Bodies that help.
    #[serde(default)]
    #[schema(value_type = Option<Vec<String>>)]
    pub cooperating: Option<Vec<OrganisationId>>,
    /// Last day.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    pub deadline: Option<Date>,
    /// Weight in roll-ups.
    #[serde(default)]
    pub weight: Option<u32>,
    /// Take it back.
    #[serde(default)]
    pub withdraw: bool,
    /// Why; the journal keeps it.
    pub reason: String,
}

/// What is changed of a system; what is left out stays as it is.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SystemEdit {
    /// Name.
    #[serde(default)]
    pub name: Option<String>,
    /// `existing`, `build`, `upgrade`, `use` or `in_service`.
    #[serde(default)]
    pub status: Option<String>,
    /// The body that keeps it.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Uuid)]
    pub owner: Option<OrganisationId>,
    /// Why; the journal keeps it.
    pub reason: String,
}

/// What a person who adopts adds to what was reviewed.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Adoption {
    /// First day, where the document does not say.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    pub first_day: Option<Date>,
    /// Last day, likewise.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    pub last_day: Option<Date>,
    /// The body that keeps the plan and answers where it names nobody.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Uuid)]
    pub keeper: Option<OrganisationId>,
    /// What becomes of names that no known body goes by: an organisation's id, or `create`.
    #[serde(default)]
    pub bodies: std::collections::BTreeMap<String, String>,
    /// Show it to everybody at once.
    #[serde(default)]
    pub released: bool,
    /// Keep it to be read only.
    #[serde(default)]
    pub imported_copy: bool,
    /// The plan that it supersedes.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Uuid)]
    pub supersedes: Option<PlanId>,
    /// Why; the journal keeps it.
    pub reason: String,
}
