//! `hutong serve`.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use tokio::runtime::Runtime;

use super::{Failure, Terminal};
use crate::clock::SystemClock;
use crate::config::Config;
use crate::serve::{Server, StopSignals};
use crate::{logging, wiring};

/// Longest time that threads are given to end after the server has.
const THREADS_END_MAX: Duration = Duration::from_secs(5);

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
    until_stopped(run(config, demo, terminal))
}

/// Runs a server on a runtime that ends with it, also where a thread still waits for something.
pub(super) fn until_stopped(server: impl Future<Output = Result<(), Failure>>) -> Result<(), Failure> {
    let runtime = runtime()?;
    let done = runtime.block_on(server);
    runtime.shutdown_timeout(THREADS_END_MAX);
    done
}

/// Opens the store and serves it.
pub(super) async fn run(config: &Config, demo: bool, terminal: &Terminal) -> Result<(), Failure> {
    let mut signals = StopSignals::listen()?;
    let store = wiring::open_store(&config.data.dir)?;
    let empty = *store.head().borrow() == 0;
    let server =
        Server::start(config, store, Arc::new(SystemClock), demo, terminal.messages().clone()).await?;
    let url = format!("http://{}/", server.address());
    terminal.announce("cli-serving", &[("url", url), ("dir", config.data.dir.display().to_string())]);
    if demo {
        terminal.announce("cli-serving-demo", &[]);
    } else if empty {
        terminal.announce("cli-serving-empty", &[]);
    }
    signals.told().await;
    tracing::info!("told to stop");
    server.stop().await?;
    tracing::info!("stopped");
    Ok(())
}
