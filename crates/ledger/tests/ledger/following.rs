//! The task beside a journal that grows.

use std::sync::Arc;
use std::time::Duration;

use hutong_ledger::LedgerError;
use hutong_ledger::follow::{LedgerState, follow};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::Bench;

struct Running {
    wake: watch::Sender<u64>,
    stop: watch::Sender<bool>,
    state: watch::Receiver<LedgerState>,
    task: JoinHandle<Result<(), LedgerError>>,
}

fn start(bench: &Bench) -> Running {
    let (wake, woken) = watch::channel(0);
    let (stop, stopping) = watch::channel(false);
    let (told, state) = watch::channel(LedgerState::Opening);
    let task = tokio::spawn(follow(Arc::clone(&bench.journal), bench.place.clone(), woken, stopping, told));
    Running { wake, stop, state, task }
}

impl Running {
    async fn wait_for(&mut self, wanted: impl Fn(&LedgerState) -> bool) -> LedgerState {
        let waiting = self.state.wait_for(|state| wanted(state));
        tokio::time::timeout(Duration::from_secs(20), waiting).await.unwrap().unwrap().clone()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_ledger_follows_the_journal_and_finishes_before_it_stops() {
    let bench = Bench::unsequenced(10);
    let mut running = start(&bench);
    running.wait_for(|state| state.size() == Some(10)).await;
    bench.journal.append(5_000);
    running.wake.send_replace(5_010);
    running.wait_for(|state| state.size() == Some(5_010)).await;
    bench.journal.append(1);
    running.stop.send_replace(true);
    running.task.await.unwrap().unwrap();
    assert_eq!(bench.audit().sequenced, 5_011);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lost_notification_only_delays() {
    let bench = Bench::unsequenced(0);
    let mut running = start(&bench);
    running.wait_for(|state| state.size() == Some(0)).await;
    bench.journal.append(3);
    running.wait_for(|state| state.size() == Some(3)).await;
    drop(running.stop);
    running.task.await.unwrap().unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_broken_invariant_ends_the_task_with_its_code() {
    let bench = Bench::with_entries(10);
    bench.journal.tamper(|leaves| leaves.truncate(5));
    let mut running = start(&bench);
    running.wait_for(|state| *state == LedgerState::Stopped { code: "ledger.journal.short" }).await;
    assert_eq!(running.task.await.unwrap().unwrap_err().code(), "ledger.journal.short");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_ledger_that_another_process_holds_is_waited_for() {
    let bench = Bench::with_entries(10);
    let holder = bench.open().unwrap();
    let mut running = start(&bench);
    running.wait_for(|state| *state == LedgerState::Retrying { code: "ledger.already_running" }).await;
    drop(holder);
    running.wait_for(|state| state.size() == Some(10)).await;
    running.stop.send_replace(true);
    running.task.await.unwrap().unwrap();
}
