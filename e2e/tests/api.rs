//! The JSON API, called by a stranger's client that reads its description.

use hutong_e2e::place::{note, report_folder};
use hutong_e2e::{Client, Server, python, site};

/// Cases for each operation. Bounded, so that the run takes a minute and not an hour.
const CASES_MAX: &str = "12";

/// Whole run. Unit: seconds.
const RUN_SECONDS_MAX: &str = "60";

#[tokio::test(flavor = "multi_thread")]
async fn schemathesis_finds_nothing_that_the_description_does_not_say() -> anyhow::Result<()> {
    let Some(mut schemathesis) = python::tool("schemathesis") else { return Ok(()) };
    let server = Server::demo().await?;
    let client = site::client(&server, Some("plan_supervisor")).await?;
    let report = report_folder("schemathesis")?;
    let output = schemathesis
        .args(["run", &server.url("/api/v1/openapi.json"), "--url", &server.url("")])
        .args(["--header", &format!("Cookie: {}", client.cookie_header())])
        .args(["--max-examples", CASES_MAX, "--max-time", RUN_SECONDS_MAX, "--seed", "1"])
        .args(["--phases", "examples,coverage,fuzzing", "--workers", "1", "--continue-on-failure"])
        // What is left out: signing out ends the session of the run.
        .args(["--exclude-path", "/api/v1/session"])
        .args(["--checks", "not_a_server_error,status_code_conformance,content_type_conformance"])
        .args(["--checks", "response_schema_conformance,response_headers_conformance,unsupported_method"])
        .args(["--report", "junit", "--report-junit-path"])
        .arg(report.join("junit.xml"))
        .current_dir(&report)
        .output()?;
    let text =
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    std::fs::write(report.join("report.txt"), &text)?;
    let tail: Vec<&str> = text.lines().rev().take(25).collect();
    note(&tail.into_iter().rev().collect::<Vec<_>>().join("\n"));
    assert!(output.status.success(), "schemathesis found something:\n{text}");
    server.stop_with_clean_log();
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn errors_have_a_stable_code_and_a_text_in_the_callers_language() -> anyhow::Result<()> {
    let server = Server::demo().await?;
    let client = Client::new(&server);
    let mut texts = Vec::new();
    for language in ["zh-CN", "en"] {
        let answer = client
            .send(http::Method::GET, "/api/v1/nothing", &[("accept-language", language)], bytes::Bytes::new())
            .await?;
        assert_eq!((answer.status, answer.header("content-type")), (404, "application/problem+json"));
        let problem = answer.json()?;
        assert_eq!(problem["code"], "api.not_found");
        assert!(problem["request_id"].as_str().is_some_and(|it| !it.is_empty()));
        texts.push(problem["detail"].as_str().unwrap_or_default().to_owned());
    }
    assert!(texts.iter().all(|it| !it.is_empty() && !it.contains("api")), "{texts:?}");
    assert_ne!(texts[0], texts[1]);
    server.stop_with_clean_log();
    Ok(())
}
