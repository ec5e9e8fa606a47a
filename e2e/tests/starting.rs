//! Starting and stopping the built binary.

use std::time::Duration;

use hutong_e2e::place::note;
use hutong_e2e::{Client, Server};

/// Promised for the finished binary; a dev build on a busy machine is given room.
const FIRST_ANSWER_MAX: Duration = Duration::from_secs(1);
const ROOM_FOR_A_DEV_BUILD: u32 = 5;

#[tokio::test(flavor = "multi_thread")]
async fn a_filled_demo_answers_within_a_second() -> anyhow::Result<()> {
    let first = Server::new_demo().await?;
    let filled = first.first_answer_after;
    let data = first.data();
    first.stop_with_clean_log();

    let again = Server::demo_again(data).await?;
    note(&format!(
        "first answer after {:.0?} on an empty directory, {:.0?} on a filled one",
        filled, again.first_answer_after
    ));
    assert!(
        again.first_answer_after < FIRST_ANSWER_MAX * ROOM_FOR_A_DEV_BUILD,
        "{:?}",
        again.first_answer_after
    );
    let home = Client::new(&again).get("/").await?;
    assert!(matches!(home.status, 200 | 303), "{}", home.status);
    again.stop_with_clean_log();
    Ok(())
}
