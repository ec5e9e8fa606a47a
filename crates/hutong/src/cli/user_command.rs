//! `hutong user …`: the first persons and their roles. Only the list works while a server runs.
//!
//! Who can write the data directory can do this; the journal says that it was done on the command line.

use std::io::{BufRead as _, IsTerminal as _};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hutong_kernel::{Clock as _, OpContext, Organisation, Principal, Role, RoleGrant};
use hutong_store::{Store, Stored};
use hutong_web::password::Passwords;
use serde_json::json;

use super::args::{GrantArgs, UserAddArgs, UserCommand};
use super::serve_command::runtime;
use super::{Failure, Terminal};
use crate::clock::SystemClock;
use crate::config::Config;
use crate::spine::organisations;
use crate::spine::persons::change::{ADMINISTRATORS, PersonRefusal, Registration};
use crate::spine::persons::{self, by_user_name, grants_of};
use crate::wiring;

/// Random bytes of a password that is made up: 20 characters.
const PASSWORD_BYTES: usize = 15;

/// Runs `hutong user`.
pub(super) fn run(command: &UserCommand, config: &Config, terminal: &Terminal) -> Result<(), Failure> {
    runtime()?.block_on(async {
        let store = match command {
            UserCommand::List { .. } => wiring::open_store_to_read(&config.data.dir)?,
            _ => wiring::open_store(&config.data.dir)?,
        };
        let ctx = context(config);
        match command {
            UserCommand::Add(args) => add(&store, &ctx, args, terminal).await,
            UserCommand::List { json } => list(&store, &ctx, *json, terminal).await,
            UserCommand::Password { user_name, generate } => {
                let person = by_user_name(&store, user_name).await?.ok_or_else(unknown)?;
                let password = password(*generate, terminal)?;
                let reason = terminal.text("cli-user-reason", &[]);
                persons::set_first_password(&store, &passwords()?, &ctx, person.id, &password, &reason)
                    .await?;
                tell(&password, *generate, terminal)
            }
            UserCommand::Grant(args) => grant(&store, &ctx, args, terminal).await,
            UserCommand::Revoke(args) => revoke(&store, &ctx, args, terminal).await,
        }
    })
}

fn unknown() -> Failure {
    Failure::refused(PersonRefusal::Unknown)
}

fn passwords() -> Result<Passwords, Failure> {
    Passwords::new().map_err(|error| Failure::Fault(error.into()))
}

/// The command line acts as the system: no person has signed in.
pub(super) fn context(config: &Config) -> OpContext {
    let now = SystemClock.now();
    OpContext {
        principal: Principal::System { job: "command-line".to_owned() },
        request_id: format!("cli-{:x}", now.as_millisecond()),
        now,
        today: config.district(false).date(now),
        idempotency_key: None,
    }
}

async fn add(store: &Store, ctx: &OpContext, args: &UserAddArgs, terminal: &Terminal) -> Result<(), Failure> {
    let mut roles = Vec::new();
    for name in &args.roles {
        roles.push(role(name)?);
    }
    // Before anything is written: what is half done here would have to be mended by hand.
    if 1 < roles.iter().filter(|it| ADMINISTRATORS.contains(it)).count() {
        return Err(Failure::refused(PersonRefusal::Separation));
    }
    let organisation = match &args.organisation {
        None => None,
        Some(name) => {
            let known = organisations::all(store).await?;
            let body =
                known.iter().find(|it: &&Stored<Organisation>| it.goes_by(name) && it.exists_on(ctx.today));
            Some(
                body.ok_or_else(|| Failure::refused(PersonRefusal::OrganisationMissing { day: ctx.today }))?
                    .id,
            )
        }
    };
    let password = password(args.generate, terminal)?;
    hutong_web::password::check_strength(&password).map_err(Failure::refused)?;
    let wish = Registration {
        user_name: args.user_name.clone(),
        name: args.name.clone(),
        organisation,
        valid_from: ctx.today,
    };
    let reason = terminal.text("cli-user-reason", &[]);
    let id = persons::register(store, ctx, &wish, &reason).await?;
    for role in roles {
        persons::grant(store, ctx, id, role, ctx.today, &reason).await?;
    }
    persons::set_first_password(store, &passwords()?, ctx, id, &password, &reason).await?;
    terminal.say("cli-user-added", &[("user_name", args.user_name.clone())])?;
    tell(&password, args.generate, terminal)
}

/// Reads a password from standard input, or makes one up.
fn password(generate: bool, terminal: &Terminal) -> Result<String, Failure> {
    if generate {
        let mut bytes = [0_u8; PASSWORD_BYTES];
        getrandom::fill(&mut bytes).map_err(|error| Failure::Fault(anyhow::Error::msg(error.to_string())))?;
        return Ok(URL_SAFE_NO_PAD.encode(bytes));
    }
    if std::io::stdin().is_terminal() {
        terminal.note(&terminal.text("cli-user-type-password", &[]));
    }
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line)?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

fn tell(password: &str, generated: bool, terminal: &Terminal) -> Result<(), Failure> {
    if generated {
        terminal.say("cli-user-password", &[("password", password.to_owned())])?;
    }
    Ok(())
}

fn role(name: &str) -> Result<Role, Failure> {
    Role::from_name(name).ok_or_else(|| Failure::refused(PersonRefusal::Role { given: name.to_owned() }))
}

async fn grant(store: &Store, ctx: &OpContext, args: &GrantArgs, terminal: &Terminal) -> Result<(), Failure> {
    let role = role(&args.role)?;
    let person = by_user_name(store, &args.user_name).await?.ok_or_else(unknown)?;
    persons::grant(store, ctx, person.id, role, ctx.today, &args.reason).await?;
    said(terminal, "cli-user-granted", args, role)
}

async fn revoke(
    store: &Store,
    ctx: &OpContext,
    args: &GrantArgs,
    terminal: &Terminal,
) -> Result<(), Failure> {
    let role = role(&args.role)?;
    let person = by_user_name(store, &args.user_name).await?.ok_or_else(unknown)?;
    let held = grants_of(store, person.id).await?;
    let grant = held.iter().find(|it: &&Stored<RoleGrant>| it.role == role && it.valid_to.is_none());
    let grant = grant.ok_or_else(|| Failure::refused(PersonRefusal::NotHeld))?;
    persons::revoke(store, ctx, grant.id, &args.reason).await?;
    said(terminal, "cli-user-revoked", args, role)
}

fn said(terminal: &Terminal, key: &str, args: &GrantArgs, role: Role) -> Result<(), Failure> {
    let values = [("user_name", args.user_name.clone()), ("role", terminal.words().role(role))];
    Ok(terminal.say(key, &values)?)
}

async fn list(store: &Store, ctx: &OpContext, as_json: bool, terminal: &Terminal) -> Result<(), Failure> {
    let mut rows = Vec::new();
    for person in persons::all(store).await? {
        let grants = grants_of(store, person.id).await?;
        let roles: Vec<&str> =
            grants.iter().filter(|it| it.holds_on(ctx.today)).map(|it| it.role.name()).collect();
        if as_json {
            rows.push(json!({
                "user_name": person.user_name, "name": person.name, "id": person.id,
                "active": person.active_on(ctx.today), "roles": roles,
            }));
        } else {
            let state = if person.active_on(ctx.today) { "" } else { "-" };
            terminal.answer(&format!("{state}{}\t{}\t{}", person.user_name, person.name, roles.join(",")))?;
        }
    }
    if as_json {
        terminal.answer(&serde_json::to_string_pretty(&rows).map_err(anyhow::Error::from)?)?;
    }
    Ok(())
}
