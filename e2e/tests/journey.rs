//! The main journey, from a document to a proof: a supervisor imports a plan, reviews what was found in it, adopts
//! it; a department reports with evidence; the supervisor checks; the light turns; anybody verifies the proof.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use hutong_e2e::browser::Wishes;
use hutong_e2e::ledger::{Stranger, seq_of_proof};
use hutong_e2e::place::{self, TemporaryFolder, note};
use hutong_e2e::site::{self, SESSION_COOKIE};
use hutong_e2e::{Browser, Client, Server};
use serde_json::Value;

/// Findings that one document may bring to the review; more would mean that something runs wild.
const FINDINGS_MAX: usize = 1_500;

/// A change is in the ledger within this.
const SEQUENCED_MAX: Duration = Duration::from_secs(5);

const SUPERVISOR: &str = "plan_supervisor";

#[tokio::test(flavor = "multi_thread")]
async fn a_word_document_becomes_a_plan_that_is_reported_on_and_proved() -> anyhow::Result<()> {
    walk(&place::repository().join("crates/plans/tests/samples/street_plan.docx"), 4).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_real_plan_becomes_a_plan_that_is_reported_on_and_proved() -> anyhow::Result<()> {
    let Some(document) = real_plan("003.txt") else {
        note("left out: the journey with a real plan: ../shared/plans/003.txt is not beside this repository");
        return Ok(());
    };
    walk(&document, 34).await
}

/// A real plan beside the repository; it is not ours to copy.
fn real_plan(name: &str) -> Option<PathBuf> {
    let shared = place::variable("E2E_SHARED").map(PathBuf::from);
    let shared = shared.or_else(|| Some(place::repository().parent()?.join("shared")))?;
    Some(shared.join("plans").join(name)).filter(|path| path.is_file())
}

/// The whole way with one document that has at least `tasks_min` tasks.
async fn walk(document: &Path, tasks_min: usize) -> anyhow::Result<()> {
    let server = Server::demo().await?;
    let Some(browser) = Browser::start(Wishes::default()).await? else { return Ok(()) };
    let stranger = Stranger::new(&server)?;
    stranger.wait_for(1).await?;
    let (older, _) = stranger.checkpoint().await?;
    let officers = officers(&server).await?;

    site::sign_in(&browser, &server, SUPERVISOR).await?;
    let reading = import(&browser, &server, document).await?;
    let decided = accept_everything(&browser, &server, &reading).await?;
    let plan = adopt(&browser, &server, &reading, &officers).await?;
    let supervisor = session_of(&browser, &server).await?;
    let tasks = tasks_of(&supervisor, &plan).await?;
    note(&format!("{decided} findings decided, {} tasks in force", tasks.len()));
    ensure!(tasks_min <= tasks.len(), "{} tasks of at least {tasks_min} came into force", tasks.len());

    let (task, officer) = tasks
        .iter()
        .find_map(|task| {
            let bodies = task["responsible"].as_array()?;
            let officer = bodies.iter().find_map(|body| officers.get(body.as_str()?))?;
            Some((task["id"].as_str()?.to_owned(), officer.clone()))
        })
        .context("no task has a responsible body for which somebody of the demo works")?;
    let page = server.url(&format!("/tasks/{task}"));
    browser.open(&page).await?;
    let before = light(&browser).await?;

    site::sign_in_as(&browser, &server, &officer).await?;
    browser.open(&page).await?;
    report(&browser).await?;

    site::sign_in(&browser, &server, SUPERVISOR).await?;
    browser.open(&page).await?;
    browser.submit("#check form button[type=submit]").await?;
    let after = light(&browser).await?;
    note(&format!("the light turned from {before} to {after}"));
    ensure!(before != after, "the light stayed {before} though the task is done");
    ensure!(browser.has("#light-history .light").await?, "the light has no history");

    let supervisor = session_of(&browser, &server).await?;
    let proof = browser
        .evaluate("document.querySelector('footer.quiet a[href$=\"/proof\"]').getAttribute('href')")
        .await?;
    let proof = proof.as_str().context("the task's page offers no proof")?;
    let proof = proof_at(&supervisor, proof).await?;
    let seq = seq_of_proof(&proof)?;
    stranger.wait_for(seq).await?;
    let said = stranger.verifies_offline(&proof)?;
    ensure!(said.is_ok(), "the proof does not verify: {said:?}");
    stranger.verifies_over_http(seq, &older).await?;

    let complaints = browser.console_complaints().await?;
    ensure!(complaints.is_empty(), "the console is not clean: {complaints:#?}");
    browser.close().await?;
    server.stop_with_clean_log();
    Ok(())
}

/// A proof file. The ledger comes to a change within a fraction of a second; until then it says so.
async fn proof_at(client: &Client, path: &str) -> anyhow::Result<String> {
    let asked = Instant::now();
    loop {
        let answer = client.get(path).await?;
        if answer.status == 200 {
            return Ok(answer.text());
        }
        let not_yet = answer.status == 409 && asked.elapsed() < SEQUENCED_MAX;
        ensure!(not_yet, "the proof is answered with {}: {}", answer.status, answer.text());
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// A client with the browser's session.
async fn session_of(browser: &Browser, server: &Server) -> anyhow::Result<Client> {
    let client = Client::new(server);
    client.set_cookie(SESSION_COOKIE, &browser.cookie(SESSION_COOKIE).await?);
    Ok(client)
}

/// Department officers of the demo by the body that they work for.
async fn officers(server: &Server) -> anyhow::Result<BTreeMap<String, String>> {
    let page = Client::new(server).get("/sign-in").await?.text();
    let mut officers = BTreeMap::new();
    for user_name in site::demo_users(&page, "department_officer") {
        let me = site::client_of(server, &user_name).await?.get("/api/v1/session").await?.json()?;
        if let Some(body) = me["organisation"].as_str() {
            officers.insert(body.to_owned(), user_name);
        }
    }
    ensure!(!officers.is_empty(), "the demo has no department officer");
    Ok(officers)
}

/// Uploads the document; the path of its review.
async fn import(browser: &Browser, server: &Server, document: &Path) -> anyhow::Result<String> {
    browser.open(&server.url("/import")).await?;
    browser.attach("#field-file", document).await?;
    browser.click("form[action='/import'] button[type=submit]").await?;
    browser.until("/^\\/import\\/[0-9a-f-]{36}$/.test(location.pathname)").await?;
    // The words of a finding are marked in the document beside it.
    browser.find("#pane-document mark").await?;
    Ok(browser.path().await?.split('?').next().unwrap_or_default().to_owned())
}

/// Decides on every finding as somebody would who agrees with all of them: first the sure ones at once, then one by
/// one. What cannot be accepted as it was read is rejected. How many were decided.
async fn accept_everything(browser: &Browser, server: &Server, reading: &str) -> anyhow::Result<usize> {
    let mut decided = 0;
    browser.open(&server.url(reading)).await?;
    let tabs = browser
        .evaluate("[...document.querySelectorAll('.review-tabs a')].map(it => it.getAttribute('href'))")
        .await?;
    let tabs: Vec<String> = serde_json::from_value(tabs)?;
    for tab in tabs {
        browser.open(&server.url(&tab)).await?;
        if browser.has("form[action$='/accept-sure'] button").await? {
            browser.submit("form[action$='/accept-sure'] button").await?;
        }
        loop {
            browser.open(&server.url(&format!("{tab}&state=open"))).await?;
            let open = browser
                .evaluate("[...document.querySelectorAll('.finding[data-state=open]')].map(it => it.id)")
                .await?;
            let open: Vec<String> = serde_json::from_value(open)?;
            if open.is_empty() {
                break;
            }
            for card in open {
                decide(browser, &card).await.with_context(|| format!("deciding on {card} in {tab}"))?;
                decided += 1;
                ensure!(decided < FINDINGS_MAX, "the review does not end");
            }
        }
    }
    Ok(decided)
}

async fn decide(browser: &Browser, card: &str) -> anyhow::Result<()> {
    let at = format!("[id='{card}']");
    // Words with two meanings: one must be chosen.
    if browser.has(&format!("{at} .ambiguous input")).await? {
        browser.click(&format!("{at} .ambiguous input")).await?;
    }
    let decided = format!("!document.querySelector(\"{at}[data-state=open]\")");
    browser.click(&format!("{at} button[data-key=accept]")).await?;
    browser.until(&format!("{decided} || document.querySelector(\"{at} .field-problem\")")).await?;
    if browser.has(&format!("{at} .field-problem")).await? {
        browser.click(&format!("{at} button[data-key=reject]")).await?;
        browser.until(&decided).await?;
    }
    Ok(())
}

/// Brings the plan into force; its id.
async fn adopt(
    browser: &Browser,
    server: &Server,
    reading: &str,
    officers: &BTreeMap<String, String>,
) -> anyhow::Result<String> {
    browser.open(&server.url(&format!("{reading}/check"))).await?;
    let body = officers.keys().next().context("somebody must be responsible")?;
    // Names that no known body goes by: the first becomes the officer's body, the others are created.
    let choose = "[...document.querySelectorAll('#adopt-bodies select')].filter(it => !it.value).forEach((it, number) => { \
        it.value = number === 0 ? arguments[0] : [...it.options].find(option => option.value.startsWith('create:')).value })";
    browser.client.execute(choose, vec![Value::from(body.clone())]).await?;
    let keeper = "const keeper = document.querySelector('#field-keeper'); if (keeper && !keeper.value) keeper.value = arguments[0]";
    browser.client.execute(keeper, vec![Value::from(body.clone())]).await?;
    // A document that names no period: the year of the demo.
    let period = "const year = new Date().getFullYear(); \
        for (const [name, day] of [['first_day', `${year}-01-01`], ['last_day', `${year}-12-31`]]) { \
          const field = document.querySelector(`#field-${name}`); if (field && arguments[0] && !field.value) field.value = day }";
    let needs_period = browser.has("a[href='#field-first_day']").await?;
    browser.client.execute(period, vec![Value::from(needs_period)]).await?;
    browser.fill("#field-reason", "端到端测试：经审核采用").await?;
    browser.submit("form[action$='/check'] button.primary").await?;
    let path = browser.path().await?;
    let Some(plan) = path.strip_prefix("/plans/") else {
        anyhow::bail!("the plan is not in force: {path}\n{}", browser.text("main").await?);
    };
    Ok(plan.split(['/', '?']).next().unwrap_or_default().to_owned())
}

async fn tasks_of(client: &Client, plan: &str) -> anyhow::Result<Vec<Value>> {
    let mut tasks = Vec::new();
    let mut next = format!("/api/v1/plans/{plan}/tasks?limit=200");
    loop {
        let page = client.get(&next).await?.json()?;
        tasks.extend(page["items"].as_array().context("a list has items")?.iter().cloned());
        let Some(cursor) = page["next"].as_str() else { return Ok(tasks) };
        next = format!("/api/v1/plans/{plan}/tasks?limit=200&cursor={cursor}");
    }
}

/// The light at the title of the task's page.
async fn light(browser: &Browser) -> anyhow::Result<String> {
    let class =
        "(document.querySelector('.page-state .light') || { className: 'light light-none' }).className";
    let class = browser.evaluate(class).await?;
    let class = class.as_str().unwrap_or_default();
    Ok(class.rsplit("light-").next().unwrap_or_default().to_owned())
}

/// Reports the task as done, with a file as evidence.
async fn report(browser: &Browser) -> anyhow::Result<()> {
    let folder = TemporaryFolder::new()?;
    let evidence = folder.path().join("验收单.txt");
    std::fs::write(&evidence, "端到端测试的佐证材料\n")?;
    browser.fill("#report #field-percent", "100").await?;
    browser.fill("#report #field-narrative", "全部完成，佐证材料见附件。").await?;
    browser.attach("#report #field-evidence", &evidence).await?;
    browser.submit("#report button[type=submit]").await?;
    ensure!(
        browser.has("#reports article").await? && !browser.has(".error-summary").await?,
        "the report was not taken:\n{}",
        browser.text("main").await?
    );
    let shown = browser.text("#reports").await?;
    ensure!(shown.contains("验收单.txt"), "the evidence is not beside the report:\n{shown}");
    Ok(())
}
