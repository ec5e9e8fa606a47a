//! `hutong serve`.

use std::sync::Arc;

use anyhow::Context;
use tokio::runtime::Runtime;

use super::{Failure, Terminal};
use crate::clock::SystemClock;
use crate::config::Config;
use crate::serve::{Server, told_to_stop};
use crate::{logging, wiring};

/// The runtime of the commands that need one.
pub(super) fn runtime() -> Result<Runtime, Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    Ok(runtime.context("starting the runtime")?)
}

/// Serves until told to stop.
pub(super) fn serve(config: &Config, terminal: &Terminal) -> Result<(), Failure> {
    logging::start(&config.log);
    let demo = wiring::is_demo(&config.data.dir)
        .with_context(|| format!("looking into {}", config.data.dir.display()))?;
    runtime()?.block_on(run(config, demo, terminal))
}

/// Opens the store and serves it.
pub(super) async fn run(config: &Config, demo: bool, terminal: &Terminal) -> Result<(), Failure> {
    let store = wiring::open_store(&config.data.dir)?;
    let empty = *store.head().borrow() == 0;
    let server =
        Server::start(config, store, Arc::new(SystemClock), demo, terminal.messages().clone()).await?;
    let url = format!("http://{}/", server.address());
    terminal.say("cli-serving", &[("url", url), ("dir", config.data.dir.display().to_string())])?;
    if demo {
        terminal.say("cli-serving-demo", &[])?;
    } else if empty {
        terminal.say("cli-serving-empty", &[])?;
    }
    told_to_stop().await?;
    tracing::info!("told to stop");
    server.stop().await?;
    tracing::info!("stopped");
    Ok(())
}
