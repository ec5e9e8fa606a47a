//! The permission table: which role may do which action, and how far.
//!
//! Deny by default: what a role's list does not name, it may not do. The table is printed as a page and
//! locked by a test; nothing else in the product decides about rights. System, security and audit
//! administrators are separate roles (三员分立): none can do another's work, and none appears in a line that
//! changes plans.

use serde::{Deserialize, Serialize};

/// What somebody is to the system.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Not signed in: residents, journalists, developers.
    Visitor,
    /// 督查人员: turns documents into plans, checks what departments report.
    PlanSupervisor,
    /// 部门填报人员: reports for the own department.
    DepartmentOfficer,
    /// 区领导: sees everything of plans, decides nothing here yet.
    DistrictLeader,
    /// 系统管理员: organisations and persons.
    SystemAdministrator,
    /// 安全管理员: role grants.
    SecurityAdministrator,
    /// 审计管理员: reads the journal, audits the ledger.
    Auditor,
}

impl Role {
    /// All roles in the order of the printed table.
    pub const ALL: [Self; 7] = [
        Self::Visitor,
        Self::PlanSupervisor,
        Self::DepartmentOfficer,
        Self::DistrictLeader,
        Self::SystemAdministrator,
        Self::SecurityAdministrator,
        Self::Auditor,
    ];

    /// Stable name, used in the API, the command line and message keys (`role-…`).
    pub fn name(self) -> &'static str {
        match self {
            Self::Visitor => "visitor",
            Self::PlanSupervisor => "plan_supervisor",
            Self::DepartmentOfficer => "department_officer",
            Self::DistrictLeader => "district_leader",
            Self::SystemAdministrator => "system_administrator",
            Self::SecurityAdministrator => "security_administrator",
            Self::Auditor => "auditor",
        }
    }

    /// The role with this stable name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }
}

/// How far a permission reaches; the order is from narrow to wide.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Not at all.
    None,
    /// What is the person's own.
    Own,
    /// What belongs to the person's organisation.
    OwnOrganisation,
    /// Everything.
    All,
}

impl Scope {
    /// Stable name, used in the API and message keys (`scope-…`).
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Own => "own",
            Self::OwnOrganisation => "own_organisation",
            Self::All => "all",
        }
    }
}

macro_rules! actions {
    ($($(#[$doc:meta])* $variant:ident => $name:literal),+ $(,)?) => {
        /// Something that somebody may or may not do.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Action { $($(#[$doc])* $variant),+ }

        impl Action {
            /// All actions in the order of the printed table.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];
            /// Stable name, used in the API and message keys (`action-…`).
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }
        }
    };
}

actions! {
    /// See plans that were released, with their tasks, indicators and lights.
    ViewReleasedPlans => "view_released_plans",
    /// See all plans, also those not released.
    ViewPlans => "view_plans",
    /// Upload a document and have it read.
    ImportDocument => "import_document",
    /// Accept, correct, split, merge, add and reject findings.
    ReviewFindings => "review_findings",
    /// Put a reviewed plan into force.
    AdoptPlan => "adopt_plan",
    /// Make a plan public, or take that back.
    ReleasePlan => "release_plan",
    /// Change a plan's tasks, indicators, owners and dates.
    EditPlan => "edit_plan",
    /// Report progress on a task, with evidence.
    ReportProgress => "report_progress",
    /// Check a report of progress, or return it.
    CheckProgress => "check_progress",
    /// State an indicator's value.
    RecordStatement => "record_statement",
    /// Check a statement, or return it.
    CheckStatement => "check_statement",
    /// Keep the register of systems.
    KeepSystems => "keep_systems",
    /// Take the ledger of tasks out as a spreadsheet.
    ExportTasks => "export_tasks",
    /// Bring a filled spreadsheet of tasks in.
    ImportTasks => "import_tasks",
    /// See organisations.
    ViewOrganisations => "view_organisations",
    /// Found, rename, merge and close organisations.
    KeepOrganisations => "keep_organisations",
    /// See persons and their roles.
    ViewPersons => "view_persons",
    /// Register persons and set a first password.
    KeepPersons => "keep_persons",
    /// Give roles and take them back.
    GrantRoles => "grant_roles",
    /// Change a password.
    ChangePassword => "change_password",
    /// Read the journal.
    ViewJournal => "view_journal",
    /// See the history of a record that one may see, and download its proof.
    ViewHistory => "view_history",
    /// See the permission table.
    ViewPermissions => "view_permissions",
}

/// How far `role` may do `action`.
pub fn scope(role: Role, action: Action) -> Scope {
    use Action as A;
    use Scope::{All, None, Own, OwnOrganisation};
    match role {
        Role::Visitor => match action {
            A::ViewReleasedPlans | A::ViewOrganisations | A::ViewPermissions => All,
            _ => None,
        },
        Role::PlanSupervisor => match action {
            A::ViewReleasedPlans
            | A::ViewPlans
            | A::ImportDocument
            | A::ReviewFindings
            | A::AdoptPlan
            | A::ReleasePlan
            | A::EditPlan
            | A::CheckProgress
            | A::CheckStatement
            | A::KeepSystems
            | A::ExportTasks
            | A::ImportTasks
            | A::ViewOrganisations
            | A::ViewPersons
            | A::ViewHistory
            | A::ViewPermissions => All,
            A::ChangePassword => Own,
            _ => None,
        },
        Role::DepartmentOfficer => match action {
            A::ViewReleasedPlans
            | A::ViewPlans
            | A::ViewOrganisations
            | A::ViewHistory
            | A::ViewPermissions => All,
            A::ReportProgress | A::RecordStatement | A::ExportTasks | A::ImportTasks | A::ViewPersons => {
                OwnOrganisation
            }
            A::ChangePassword => Own,
            _ => None,
        },
        Role::DistrictLeader => match action {
            A::ViewReleasedPlans
            | A::ViewPlans
            | A::ExportTasks
            | A::ViewOrganisations
            | A::ViewPersons
            | A::ViewHistory
            | A::ViewPermissions => All,
            A::ChangePassword => Own,
            _ => None,
        },
        Role::SystemAdministrator => match action {
            A::ViewReleasedPlans
            | A::ViewOrganisations
            | A::KeepOrganisations
            | A::ViewPersons
            | A::KeepPersons
            | A::ViewPermissions => All,
            A::ChangePassword => Own,
            _ => None,
        },
        Role::SecurityAdministrator => match action {
            A::ViewReleasedPlans
            | A::ViewOrganisations
            | A::ViewPersons
            | A::GrantRoles
            | A::ViewPermissions => All,
            A::ChangePassword => Own,
            _ => None,
        },
        Role::Auditor => match action {
            A::ViewReleasedPlans
            | A::ViewPlans
            | A::ExportTasks
            | A::ViewOrganisations
            | A::ViewPersons
            | A::ViewJournal
            | A::ViewHistory
            | A::ViewPermissions => All,
            A::ChangePassword => Own,
            _ => None,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The whole table as text. A changed right is a changed snapshot, and somebody must look at it.
    #[test]
    fn the_table_is_locked() {
        let mut table = String::new();
        for role in Role::ALL {
            for action in Action::ALL {
                let scope = scope(role, *action);
                if scope != Scope::None {
                    table.push_str(&format!("{} {} {}\n", role.name(), action.name(), scope.name()));
                }
            }
        }
        insta::assert_snapshot!(table);
    }

    #[test]
    fn no_administrator_can_do_anothers_work() {
        let admins = [Role::SystemAdministrator, Role::SecurityAdministrator, Role::Auditor];
        for action in
            [Action::KeepOrganisations, Action::KeepPersons, Action::GrantRoles, Action::ViewJournal]
        {
            let able = admins.iter().filter(|role| scope(**role, action) != Scope::None).count();
            assert_eq!(able, 1, "{action:?}");
        }
    }
}
