//! Organisations: departments, streets, the park committee, institutions, companies.
//!
//! Reforms merge, split and rename bodies. An organisation therefore has a period in which it exists and
//! names its predecessors; what was assigned to the old body stays readable under its old name.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::OrganisationId;

/// What sort of body it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrganisationClass {
    /// A department of the district government (委办局).
    Department,
    /// A street office or town (街道, 乡镇).
    Street,
    /// A park committee (园区管委会).
    ParkCommittee,
    /// A public institution (事业单位).
    Institution,
    /// A company, often a platform company (平台公司).
    Company,
    /// A body of the Party (区委部门).
    PartyBody,
    /// A branch of a municipal or national body (派出机构).
    Branch,
}

/// A body that can be responsible for something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Organisation {
    /// Its identity through all its changes.
    pub id: OrganisationId,
    /// Name as documents write it, e.g. 区财政局.
    pub name: String,
    /// English name.
    pub name_en: String,
    /// Other names that documents use for it.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// What sort of body it is.
    pub class: OrganisationClass,
    /// The body it belongs to.
    pub parent: Option<OrganisationId>,
    /// First day it exists.
    pub valid_from: Date,
    /// Last day it exists; `None` while it does.
    pub valid_to: Option<Date>,
    /// The bodies it was made from.
    #[serde(default)]
    pub predecessors: Vec<OrganisationId>,
}

impl Organisation {
    /// Does it exist on `day`?
    pub fn exists_on(&self, day: Date) -> bool {
        self.valid_from <= day && self.valid_to.is_none_or(|last| day <= last)
    }

    /// Is `name` one of the names that it goes by?
    pub fn goes_by(&self, name: &str) -> bool {
        self.name == name || self.aliases.iter().any(|alias| alias == name)
    }
}
