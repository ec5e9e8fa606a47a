//! The records of the spine itself: organisations, persons, role grants.

use hutong_kernel::{GrantId, Organisation, OrganisationId, Person, PersonId, RoleGrant};

use crate::{Index, IndexValue, KindSpec, Record};

/// The kinds of the spine.
pub fn kinds() -> Vec<KindSpec> {
    vec![KindSpec::of::<Organisation>(), KindSpec::of::<Person>(), KindSpec::of::<RoleGrant>()]
}

/// Lists: `by_name` (equality on the name), `by_end` (equality on `ended`, sorted by name: those without a last
/// day are `false`), `by_parent` (sorted by name).
impl Record for Organisation {
    type Id = OrganisationId;
    const KIND: &'static str = "organisation";
    const INDEXES: &'static [Index] = &[
        Index { name: "by_name", equals: &["name"], sort: None },
        Index { name: "by_end", equals: &["ended"], sort: Some("name") },
        Index { name: "by_parent", equals: &["parent"], sort: Some("name") },
    ];

    fn id(&self) -> OrganisationId {
        self.id
    }

    fn index_values(&self) -> Vec<(&'static str, IndexValue)> {
        vec![
            ("name", self.name.as_str().into()),
            ("ended", self.valid_to.is_some().into()),
            ("parent", self.parent.into()),
        ]
    }
}

/// Lists: `by_user_name` (unique), `by_organisation` (sorted by name).
impl Record for Person {
    type Id = PersonId;
    const KIND: &'static str = "person";
    const INDEXES: &'static [Index] = &[
        Index { name: "by_user_name", equals: &["user_name"], sort: None },
        Index { name: "by_organisation", equals: &["organisation"], sort: Some("name") },
    ];
    const UNIQUE: &'static [&'static str] = &["user_name"];

    fn id(&self) -> PersonId {
        self.id
    }

    fn index_values(&self) -> Vec<(&'static str, IndexValue)> {
        vec![
            ("user_name", self.user_name.as_str().into()),
            ("organisation", self.organisation.into()),
            ("name", self.name.as_str().into()),
        ]
    }
}

/// Lists: `by_person` (sorted by the first day), `by_role` (equality on the role's stable name, sorted by the
/// first day).
impl Record for RoleGrant {
    type Id = GrantId;
    const KIND: &'static str = "role_grant";
    const INDEXES: &'static [Index] = &[
        Index { name: "by_person", equals: &["person"], sort: Some("valid_from") },
        Index { name: "by_role", equals: &["role"], sort: Some("valid_from") },
    ];

    fn id(&self) -> GrantId {
        self.id
    }

    fn index_values(&self) -> Vec<(&'static str, IndexValue)> {
        vec![
            ("person", self.person.into()),
            ("role", self.role.name().into()),
            ("valid_from", self.valid_from.into()),
        ]
    }
}
