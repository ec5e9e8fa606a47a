//! Anybody can prove that nothing was quietly changed.

use anyhow::Context;
use hutong_e2e::ledger::{Stranger, seq_of_proof};
use hutong_e2e::{Server, site};

#[tokio::test(flavor = "multi_thread")]
async fn a_proof_from_a_page_verifies_offline_and_its_tiles_over_http() -> anyhow::Result<()> {
    let server = Server::demo().await?;
    let stranger = Stranger::new(&server)?;
    stranger.wait_for(1).await?;
    let (older, _) = stranger.checkpoint().await?;

    let client = site::client(&server, Some("plan_supervisor")).await?;
    let pages = site::walk(&client).await?;
    let proof = pages.iter().find(|it| it.path.ends_with("/proof")).context("no page offers a proof")?;
    let proof = client.get(&proof.path).await?;
    assert_eq!(proof.status, 200, "{}", proof.text());
    let text = proof.text();
    let seq = seq_of_proof(&text)?;

    let said = stranger.verifies_offline(&text)?;
    assert!(said.is_ok(), "{said:?}");
    // One changed letter anywhere, and it is worth nothing.
    let forged = text.replacen("\"version\":1", "\"version\":2", 1).replacen("index ", "index 1", 1);
    assert_ne!(forged, text);
    assert!(stranger.verifies_offline(&forged)?.is_err());
    stranger.verifies_over_http(seq, &older).await?;
    server.stop_with_clean_log();
    Ok(())
}
