//! The server: from the open port to the flushed disk.
//!
//! The port is opened before anything slow: the ledger checks itself in the background. On SIGTERM nothing new
//! is accepted, running requests get their time, the ledger catches up with the journal, and the store is closed
//! last.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use axum::serve::ListenerExt as _;
use hutong_kernel::Clock;
use hutong_ledger::Ledger;
use hutong_ledger::follow::LedgerState;
use hutong_store::Store;
use hutong_web::Messages;
use hutong_web::password::Passwords;
use tokio::net::TcpListener;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::config::Config;
use crate::ledger_door::door;
use crate::lights::Lights;
use crate::wiring::{self, Parts};

/// Longest time that the ledger is given to catch up when the server stops.
const LEDGER_FLUSH_MAX: Duration = Duration::from_secs(20);

/// A server that runs.
pub struct Server {
    address: SocketAddr,
    stop: watch::Sender<bool>,
    serving: JoinHandle<std::io::Result<()>>,
    following: JoinHandle<()>,
    lighting: JoinHandle<()>,
    stop_ledger: watch::Sender<bool>,
    ledger: Ledger,
    drain_max: Duration,
    store: Store,
}

impl Server {
    /// Opens the port and begins to answer.
    ///
    /// # Errors
    /// When the port cannot be opened, or a file of ours cannot be read.
    pub async fn start(
        config: &Config,
        store: Store,
        clock: Arc<dyn Clock>,
        demo: bool,
        messages: Messages,
    ) -> anyhow::Result<Self> {
        let listener = TcpListener::bind(config.server.listen)
            .await
            .with_context(|| format!("listening on {}", config.server.listen))?;
        let address = listener.local_addr().context("asking for the port")?;

        let ledger = Ledger::new(config.ledger_place(), store.clone());
        let (stop_ledger, ledger_stopping) = watch::channel(false);
        let follower = ledger.follow(ledger_stopping);
        let following = tokio::spawn(async move {
            // The follower has logged why; the journal goes on, and pages say that the ledger stands.
            let _logged = follower.await;
        });

        let lights = Lights {
            store: store.clone(),
            calendar: wiring::calendar()?,
            district: config.district(demo),
            clock: Arc::clone(&clock),
        };
        let (stop, mut stopping) = watch::channel(false);
        let lighting = tokio::spawn(lights.run(stop.subscribe()));

        let parts = Parts {
            store: store.clone(),
            ledger: Some(door(ledger.clone())),
            clock,
            demo,
            messages,
            passwords: Passwords::new().context("preparing argon2")?,
        };
        let app = wiring::app(config, parts)?;
        let router = wiring::router(&app, Some(ledger.clone()), config.server.request_max);
        let listener = listener.tap_io(|stream| {
            // Answers are small; waiting for more would only add delay.
            if let Err(error) = stream.set_nodelay(true) {
                tracing::debug!(%error, "a connection was gone before it was accepted");
            }
        });
        let serve = axum::serve(listener, router.into_make_service_with_connect_info::<SocketAddr>())
            .with_graceful_shutdown(async move {
                let _told_or_dropped = stopping.wait_for(|stop| *stop).await;
            });
        let serving = tokio::spawn(serve.into_future());
        Ok(Self {
            address,
            stop,
            serving,
            following,
            lighting,
            stop_ledger,
            ledger,
            drain_max: config.server.drain_max,
            store,
        })
    }

    /// The address it listens on.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What the ledger is doing.
    pub fn ledger(&self) -> watch::Receiver<LedgerState> {
        self.ledger.state()
    }

    /// Stops: drains requests, brings the ledger up to the journal, closes the store.
    ///
    /// # Errors
    /// When the listener failed while it ran.
    pub async fn stop(self) -> anyhow::Result<()> {
        let Self {
            stop, mut serving, mut following, lighting, stop_ledger, drain_max, ledger, store, ..
        } = self;
        stop.send_replace(true);
        let served = match tokio::time::timeout(drain_max, &mut serving).await {
            Ok(joined) => joined.context("the server task stopped")?.context("serving"),
            Err(_elapsed) => {
                tracing::warn!(drain_seconds = drain_max.as_secs(), "requests that did not end are given up");
                serving.abort();
                Ok(())
            }
        };
        if let Err(error) = lighting.await {
            tracing::warn!(%error, "the job of the lights had stopped");
        }
        stop_ledger.send_replace(true);
        if tokio::time::timeout(LEDGER_FLUSH_MAX, &mut following).await.is_err() {
            tracing::warn!("the ledger did not catch up; it will when the server runs again");
            following.abort();
        }
        // The writer thread checkpoints its write-ahead log when the last handle goes.
        drop((ledger, store));
        served
    }
}

/// The signals that tell the process to stop.
///
/// Listened to before the address is announced: whoever reads it may stop the server at once, and a signal that
/// nobody listens to kills.
pub struct StopSignals {
    terminate: Signal,
    interrupt: Signal,
}

impl StopSignals {
    /// Begins to listen.
    ///
    /// # Errors
    /// When signals cannot be listened to.
    pub fn listen() -> std::io::Result<Self> {
        Ok(Self { terminate: signal(SignalKind::terminate())?, interrupt: signal(SignalKind::interrupt())? })
    }

    /// Waits for one of them.
    pub async fn told(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}
