//! The vocabulary that every part of Hutong shares: identifiers, money, quantities, dates, the working
//! calendar, organisations, roles and the permission table.
//!
//! # Invariants
//!
//! - Nothing here does I/O, is asynchronous, reads a clock, the environment or a random source: time and
//!   randomness are passed in.
//! - An identifier of one kind never passes for another; an amount of money ([`Fen`]) is not a [`Quantity`];
//!   a percent is not a percentage point.
//! - The permission table ([`permission::scope`]) is the only place that says who may do what.

pub mod calendar;
pub mod clock;
pub mod district;
pub mod id;
pub mod money;
pub mod organisation;
pub mod permission;
pub mod person;
pub mod principal;
pub mod quantity;
pub mod refusal;

pub use calendar::WorkingCalendar;
pub use clock::Clock;
pub use district::District;
pub use id::{
    DocumentId, EvidenceId, FindingId, GrantId, Id, IdSource, IndicatorId, LightId, OrganisationId, PersonId,
    PlanId, ReadingId, ReportId, StatementId, SystemId, TaskId,
};
pub use money::Fen;
pub use organisation::Organisation;
pub use permission::{Action, Role, Scope};
pub use person::{Person, RoleGrant};
pub use principal::{Denied, OpContext, Principal, Target};
pub use quantity::{Quantity, Unit};
pub use refusal::Refusal;
