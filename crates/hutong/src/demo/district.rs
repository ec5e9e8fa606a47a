//! Bodies and people of the demo.

use std::collections::BTreeMap;

use anyhow::Context;
use hutong_kernel::organisation::OrganisationClass;
use hutong_kernel::{OrganisationId, Principal, Role};
use hutong_store::Store;
use jiff::ToSpan as _;
use jiff::civil::Date;
use serde::Deserialize;

use super::{Story, any_fault};
use crate::spine::organisations;
use crate::spine::organisations::change::Foundation;
use crate::spine::persons;
use crate::spine::persons::change::Registration;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Data {
    organisation: Vec<Body>,
    person: Vec<Somebody>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Body {
    key: String,
    name: String,
    name_en: String,
    #[serde(default)]
    aliases: Vec<String>,
    class: OrganisationClass,
    parent: Option<String>,
    years: i32,
    #[serde(default)]
    merged_from: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Somebody {
    key: String,
    user_name: String,
    name: String,
    organisation: Option<String>,
    roles: Vec<String>,
    left_days_ago: Option<i32>,
}

/// Who there is.
pub(super) struct People {
    bodies: BTreeMap<String, (OrganisationId, String)>,
    persons: BTreeMap<String, Principal>,
}

impl People {
    /// A person as they act.
    pub(super) fn person(&self, key: &str) -> anyhow::Result<Principal> {
        self.persons.get(key).cloned().with_context(|| format!("the demo has no person {key}"))
    }

    /// A body's id.
    pub(super) fn body(&self, key: &str) -> anyhow::Result<OrganisationId> {
        self.bodies.get(key).map(|it| it.0).with_context(|| format!("the demo has no body {key}"))
    }

    /// A body's name.
    pub(super) fn body_name(&self, key: &str) -> anyhow::Result<&str> {
        self.bodies.get(key).map(|it| it.1.as_str()).with_context(|| format!("the demo has no body {key}"))
    }
}

/// Days before the plans' first day on which the district was entered.
const ENTERED_DAYS_BEFORE: i32 = 20;

/// Enters bodies, people and roles.
pub(super) async fn found(store: &Store, story: &Story) -> anyhow::Result<People> {
    let data: Data =
        toml::from_str(include_str!("../../data/demo/district.toml")).context("district.toml")?;
    let day = story.first_day.checked_sub(ENTERED_DAYS_BEFORE.days()).unwrap_or(story.first_day);
    let mut people = People { bodies: BTreeMap::new(), persons: BTreeMap::new() };
    let installer = Principal::System { job: "demo".to_owned() };
    for body in &data.organisation {
        enter_body(store, story, day, &installer, &mut people, body)
            .await
            .with_context(|| body.key.clone())?;
    }
    for somebody in &data.person {
        enter_person(store, story, day, &installer, &mut people, somebody)
            .await
            .with_context(|| somebody.key.clone())?;
    }
    Ok(people)
}

async fn enter_body(
    store: &Store,
    story: &Story,
    day: Date,
    installer: &Principal,
    people: &mut People,
    body: &Body,
) -> anyhow::Result<()> {
    let founded = story.today.checked_sub(body.years.years()).unwrap_or(day);
    let wish = Foundation {
        name: body.name.clone(),
        name_en: body.name_en.clone(),
        aliases: body.aliases.clone(),
        class: body.class,
        parent: body.parent.as_deref().map(|it| people.body(it)).transpose()?,
        valid_from: founded,
    };
    let ctx = story.context(installer.clone(), day);
    let id = if body.merged_from.is_empty() {
        organisations::found(store, &ctx, &wish, "建立演示区机构名录").await.map_err(any_fault("founding"))?
    } else {
        let mut merged = Vec::new();
        for key in &body.merged_from {
            merged.push(people.body(key)?);
        }
        let reason = "按机构改革方案合并";
        organisations::merge(store, &ctx, &wish, &merged, reason).await.map_err(any_fault("merging"))?
    };
    people.bodies.insert(body.key.clone(), (id, body.name.clone()));
    Ok(())
}

async fn enter_person(
    store: &Store,
    story: &Story,
    day: Date,
    installer: &Principal,
    people: &mut People,
    somebody: &Somebody,
) -> anyhow::Result<()> {
    let organisation = somebody.organisation.as_deref().map(|it| people.body(it)).transpose()?;
    let wish = Registration {
        user_name: somebody.user_name.clone(),
        name: somebody.name.clone(),
        organisation,
        valid_from: day,
    };
    let ctx = story.context(installer.clone(), day);
    let id =
        persons::register(store, &ctx, &wish, "登记演示区人员").await.map_err(any_fault("registering"))?;
    let mut roles = Vec::new();
    for name in &somebody.roles {
        let role = Role::from_name(name).with_context(|| format!("the demo has no role {name}"))?;
        let ctx = story.context(installer.clone(), day);
        persons::grant(store, &ctx, id, role, day, "按岗位授予角色").await.map_err(any_fault("granting"))?;
        roles.push(role);
    }
    if let Some(days) = somebody.left_days_ago {
        let last_day = story.day(-days);
        let ctx = story.context(installer.clone(), last_day);
        let seen = (id, hutong_store::Version::FIRST);
        persons::close(store, &ctx, seen, last_day, "调离本单位").await.map_err(any_fault("closing"))?;
    }
    let principal = Principal::Person { id, name: somebody.name.clone(), organisation, roles };
    people.persons.insert(somebody.key.clone(), principal);
    Ok(())
}
