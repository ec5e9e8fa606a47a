//! For each route a request that is carried out when somebody with the right sends it.

use std::collections::BTreeMap;

use hutong_kernel::Organisation;
use hutong_plans::reading::Finding;
use hutong_plans::task::Task;
use hutong_plans::task_spreadsheet::{Column, RowKey, SheetWords, TaskRow, write_tasks};
use hutong_store::Stored;
use hutong_web::ui::url::encode;
use serde_json::{Value, json};

use super::world::{PASSWORD, World};

/// What a request carries.
pub enum Content {
    None,
    Form(String),
    /// Parts apart by the boundary `part`.
    Parts(Vec<u8>),
    Json(Value),
    Bytes(Vec<u8>),
}

/// A request without its method and sender.
pub struct Ask {
    pub path: String,
    pub content: Content,
    /// Version that the change was made for.
    pub if_match: Option<u64>,
}

fn get(path: impl Into<String>) -> Ask {
    Ask { path: path.into(), content: Content::None, if_match: None }
}

fn form(path: impl Into<String>, fields: &[(&str, &str)]) -> Ask {
    let pairs: Vec<String> =
        fields.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect();
    Ask { path: path.into(), content: Content::Form(pairs.join("&")), if_match: None }
}

fn parts(path: impl Into<String>, fields: &[(&str, &str)], file: Option<(&str, &[u8])>) -> Ask {
    let mut body = Vec::new();
    for (name, value) in fields {
        let part = format!("--part\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        body.extend_from_slice(part.as_bytes());
    }
    if let Some((name, bytes)) = file {
        let head = format!(
            "--part\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
             Content-Type: application/octet-stream\r\n\r\n"
        );
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"--part--\r\n");
    Ask { path: path.into(), content: Content::Parts(body), if_match: None }
}

fn json_of(path: impl Into<String>, body: Value) -> Ask {
    Ask { path: path.into(), content: Content::Json(body), if_match: None }
}

/// A change to the first version of something.
fn change(path: impl Into<String>, body: Value) -> Ask {
    Ask { if_match: Some(1), ..json_of(path, body) }
}

/// The findings of a kind.
fn of_kind<'a>(findings: &'a [Stored<Finding>], kind: &str) -> Vec<&'a Stored<Finding>> {
    findings.iter().filter(|it| it.content().kind() == kind).collect()
}

async fn sheet(world: &World) -> Vec<u8> {
    let task = world.fresh_task().await;
    let task = world.app.store.get::<Task>(task).await.unwrap().unwrap();
    let row = TaskRow {
        key: RowKey { task: task.id, version: task.version.0 },
        group: String::new(),
        special_action: String::new(),
        number: task.number.to_string(),
        title: task.title.clone(),
        content: task.content.clone(),
        responsible: world.own.name.clone(),
        cooperating: String::new(),
        basis: String::new(),
        deadline: Some(task.deadline.day),
        light: String::new(),
        percent: Some(30),
        narrative: "已完成招标".into(),
    };
    let text = |key: &str| world.app.messages.text(hutong_kernel::district::Language::Chinese, key, &[]);
    let words = SheetWords {
        sheet: text("plans-sheet-name"),
        title: "任务台账".into(),
        note: "测试".into(),
        headings: Column::ALL.map(|column| text(column.message())),
    };
    write_tasks(&words, &[row]).unwrap()
}

/// A request that has not been carried out yet, with the records that it needs.
pub async fn ask(world: &World, method: &str, route: &str) -> Ask {
    if let Some(ask) = organisations_and_persons(world, method, route).await {
        return ask;
    }
    if let Some(ask) = review(world, method, route).await {
        return ask;
    }
    if let Some(ask) = plans(world, method, route).await {
        return ask;
    }
    if let Some(ask) = api(world, method, route).await {
        return ask;
    }
    // What is left has no parameters and needs nothing.
    assert!(method == "GET" && !route.contains('{'), "no request for {method} {route}");
    get(route)
}

async fn organisations_and_persons(world: &World, method: &str, route: &str) -> Option<Ask> {
    let today = "2026-11-23";
    let number = world.number().to_string();
    Some(match (method, route) {
        ("GET", "/language/{tag}") => get("/language/en"),
        ("GET", "/theme/{name}") => get("/theme/night"),
        ("GET", "/assets/{name}") => {
            let page = world.send_as(None, "GET", &get("/sign-in")).await.body;
            let (_, rest) = page.split_once("\"/assets/").expect("a page names its style sheet");
            get(format!("/assets/{}", rest.split('"').next()?))
        }
        ("GET", "/ledger/{*path}") => {
            world.wait_for_ledger().await;
            get("/ledger/checkpoint")
        }
        ("POST", "/sign-in") => {
            let (_, user_name) = world.fresh_person().await;
            form(route, &[("user_name", &user_name), ("password", PASSWORD)])
        }
        ("POST", "/sign-in/demo") => {
            let (person, _) = world.fresh_person().await;
            form(route, &[("person", &person.to_string())])
        }
        ("POST", "/sign-out") => form(route, &[]),
        ("POST", "/password") => {
            let new = format!("another lane of {number} bends");
            form(route, &[("current", PASSWORD), ("new", &new), ("again", &new)])
        }
        ("POST", "/persons/new") => form(
            route,
            &[
                ("user_name", &format!("new{number}")),
                ("name", "新人"),
                ("valid_from", today),
                ("reason", "x"),
            ],
        ),
        ("GET", "/persons/{id}") => get(format!("/persons/{}", world.fresh_person().await.0)),
        ("POST", "/persons/{id}/close") => {
            let (id, _) = world.fresh_person().await;
            form(format!("/persons/{id}/close"), &[("version", "1"), ("last_day", today), ("reason", "left")])
        }
        ("POST", "/persons/{id}/password") => {
            let (id, _) = world.fresh_person().await;
            form(
                format!("/persons/{id}/password"),
                &[("password", "first lane of bends"), ("reason", "lost")],
            )
        }
        ("POST", "/persons/{id}/roles") => {
            let (id, _) = world.fresh_person().await;
            let fields = [("role", "district_leader"), ("valid_from", today), ("reason", "elected")];
            form(format!("/persons/{id}/roles"), &fields)
        }
        ("POST", "/persons/{id}/roles/{grant}/revoke") => {
            let (id, _) = world.fresh_person().await;
            let grant = hutong_testkit::role_grant(id, hutong_kernel::Role::DistrictLeader);
            let grant = world.keep(|_| grant).await;
            form(format!("/persons/{id}/roles/{grant}/revoke"), &[("reason", "moved on")])
        }
        ("POST", "/organisations/new") => {
            let name = format!("新机构{number}");
            let fields = [
                ("name", name.as_str()),
                ("class", "department"),
                ("valid_from", today),
                ("reason", "founded"),
            ];
            form(route, &fields)
        }
        ("POST", "/organisations/merge") => {
            let mut merged = Vec::new();
            for _ in 0..2 {
                let body = world.fresh_body().await;
                merged.push(world.app.store.get::<Organisation>(body).await.unwrap()?.record.name);
            }
            let merged = merged.join("、");
            let name = format!("合并机构{number}");
            let fields = [
                ("name", name.as_str()),
                ("class", "department"),
                ("valid_from", today),
                ("merged", &merged),
                ("reason", "merged"),
            ];
            form(route, &fields)
        }
        ("GET", "/organisations/{id}" | "/organisations/{id}/rename" | "/organisations/{id}/close") => {
            get(route.replace("{id}", &world.fresh_body().await.to_string()))
        }
        ("POST", "/organisations/{id}/rename") => {
            let name = format!("改名机构{number}");
            let fields = [("version", "1"), ("name", &name), ("name_en", "renamed"), ("reason", "renamed")];
            form(route.replace("{id}", &world.fresh_body().await.to_string()), &fields)
        }
        ("POST", "/organisations/{id}/close") => {
            let fields = [("version", "1"), ("last_day", today), ("reason", "closed")];
            form(route.replace("{id}", &world.fresh_body().await.to_string()), &fields)
        }
        ("GET", "/records/{kind}/{id}") => get(format!("/records/plan/{}", world.plan)),
        ("GET", "/records/{kind}/{id}/versions/{version}") => {
            get(format!("/records/plan/{}/versions/1", world.plan))
        }
        ("GET", "/records/{kind}/{id}/versions/{version}/proof") => {
            world.wait_for_ledger().await;
            get(format!("/records/plan/{}/versions/1/proof", world.plan))
        }
        _ => return None,
    })
}

async fn review(world: &World, method: &str, route: &str) -> Option<Ask> {
    if !route.starts_with("/import") {
        return None;
    }
    if route == "/import" {
        let document = world.document();
        return Some(match method {
            "POST" => parts(route, &[], Some(("plan.txt", document.as_bytes()))),
            _ => get(route),
        });
    }
    if (method, route) == ("POST", "/import/{reading}/check") {
        let (reading, unknown) = world.reviewed_reading().await;
        let keeper = world.own.id.to_string();
        let names: Vec<String> = (0..unknown.len()).map(|number| format!("name-{number}")).collect();
        let mut fields = vec![
            ("reason", "reviewed"),
            ("keeper", keeper.as_str()),
            ("first_day", "2026-01-01"),
            ("last_day", "2028-12-31"),
            ("rest", "create"),
            ("released", "yes"),
        ];
        fields.extend(names.iter().map(String::as_str).zip(unknown.iter().map(String::as_str)));
        return Some(form(route.replace("{reading}", &reading.to_string()), &fields));
    }
    let (reading, findings) = world.fresh_reading().await;
    let tasks = of_kind(&findings, "task");
    let (first, second) = (tasks.first()?.id, tasks.get(1)?.id);
    let path = route.replace("{reading}", &reading.to_string()).replace("{finding}", &first.to_string());
    let action = route.rsplit('/').next()?;
    Some(match (method, action) {
        ("GET", _) => get(path),
        ("POST", "accept" | "reject") => form(path, &[("version", "1")]),
        ("POST", "reopen") => {
            let decision = hutong_plans::services::FindingDecision::Reject { reason: None };
            let ctx = world.supervisor();
            world.plans(&ctx).decide_finding(first, None, decision, "rejected").await.unwrap();
            form(path, &[("version", "2")])
        }
        ("POST", "correct") => {
            form(path, &[("version", "1"), ("title", "编制目录"), ("responsible", "区数据局")])
        }
        ("POST", "split") => {
            form(path, &[("version", "1"), ("parts", "2"), ("p1-title", "甲"), ("p2-title", "乙")])
        }
        ("POST", "merge") => {
            form(path, &[("version", "1"), ("title", "合为一项"), ("other", &second.to_string())])
        }
        ("POST", "add") => form(path, &[("kind", "system"), ("name", "目录"), ("status", "build")]),
        ("POST", "accept-sure") => form(path, &[("tab", "task")]),
        ("POST", "discard") => form(path, &[("reason", "wrong file")]),
        _ => return None,
    })
}

async fn plans(world: &World, method: &str, route: &str) -> Option<Ask> {
    let number = world.number().to_string();
    if method == "GET" && route.starts_with("/plans/{id}") {
        return Some(get(route.replace("{id}", &world.plan.to_string())));
    }
    Some(match (method, route) {
        ("GET", "/tasks/{id}" | "/tasks/{id}/edit") => {
            get(route.replace("{id}", &world.fresh_task().await.to_string()))
        }
        ("POST", "/tasks/{id}/edit") => {
            let title = format!("改后的任务{number}");
            let fields = [
                ("version", "1"),
                ("title", title.as_str()),
                ("content", "内容"),
                ("responsible", &world.own.name),
                ("deadline", "2027-06-30"),
                ("weight", "2"),
                ("reason", "agreed"),
            ];
            form(route.replace("{id}", &world.fresh_task().await.to_string()), &fields)
        }
        ("POST", "/tasks/{id}/report") => {
            let fields = [("percent", "40"), ("as_of", "2026-11-20"), ("narrative", "已完成招标")];
            parts(route.replace("{id}", &world.fresh_task().await.to_string()), &fields, None)
        }
        ("POST", "/reports/{id}/check") => {
            form(route.replace("{id}", &world.fresh_report().await.id.to_string()), &[("version", "1")])
        }
        ("POST", "/reports/{id}/return") => {
            let fields = [("version", "1"), ("why", "缺证明")];
            form(route.replace("{id}", &world.fresh_report().await.id.to_string()), &fields)
        }
        ("GET", "/reports/{id}/evidence/{file}") => {
            let report = world.fresh_report().await;
            let file = report.evidence.first()?.id.to_string();
            get(route.replace("{id}", &report.id.to_string()).replace("{file}", &file))
        }
        ("POST", "/plans/{id}/tasks/import") => {
            let bytes = sheet(world).await;
            parts(route.replace("{id}", &world.plan.to_string()), &[], Some(("tasks.xlsx", &bytes)))
        }
        ("POST", "/plans/{id}/tasks/import/confirm") => {
            let file = world.app.store.put_file(sheet(world).await).await.unwrap().sha256.to_string();
            form(route.replace("{id}", &world.plan.to_string()), &[("file", &file), ("reason", "monthly")])
        }
        ("POST", "/plans/{id}/release") => {
            let fields = [("version", "1"), ("released", "no"), ("reason", "not yet")];
            form(route.replace("{id}", &world.fresh_plan().await.to_string()), &fields)
        }
        ("POST", "/plans/{id}/withdraw") => {
            let fields = [("version", "1"), ("reason", "given up")];
            form(route.replace("{id}", &world.fresh_plan().await.to_string()), &fields)
        }
        ("GET", "/systems/{id}" | "/systems/{id}/edit") => {
            get(route.replace("{id}", &world.fresh_system().await.to_string()))
        }
        ("POST", "/systems/{id}/edit") => {
            let name = format!("改名平台{number}");
            let fields =
                [("version", "1"), ("name", &name), ("status", "build"), ("owner", ""), ("reason", "x")];
            form(route.replace("{id}", &world.fresh_system().await.to_string()), &fields)
        }
        (_, route) if route.starts_with("/indicators/{id}") => return indicators(world, method, route).await,
        _ => return None,
    })
}

async fn indicators(world: &World, method: &str, route: &str) -> Option<Ask> {
    if route.contains("{statement}") {
        let (indicator, statement) = world.fresh_statement().await;
        let file = statement.source.files.first()?.id.to_string();
        let path = route
            .replace("{id}", &indicator.to_string())
            .replace("{statement}", &statement.id.to_string())
            .replace("{file}", &file);
        return Some(match (method, route.rsplit('/').next()?) {
            ("GET", _) => get(path),
            ("POST", "check") => form(path, &[("version", "1"), ("reason", "compared")]),
            ("POST", "return") => form(path, &[("version", "1"), ("why", "缺表")]),
            _ => return None,
        });
    }
    let path = route.replace("{id}", &world.fresh_indicator().await.to_string());
    Some(match (method, route.rsplit('/').next()?) {
        ("GET", _) => get(path),
        ("POST", "new") => {
            let fields = [
                ("value", "130"),
                ("unit", "个"),
                ("as_of", "2026-09-30"),
                ("source", "季度报表"),
                ("reason", "第三季度"),
            ];
            parts(path, &fields, None)
        }
        ("POST", "edit") => {
            let fields = [
                ("version", "1"),
                ("owners", world.own.name.as_str()),
                ("deadline", "2028-12-31"),
                ("tolerance", "10"),
                ("weight", "1"),
                ("path", ""),
                ("reason", "by order"),
            ];
            form(path, &fields)
        }
        ("POST", "baseline") => {
            let fields = [
                ("value", "90"),
                ("unit", "个"),
                ("day", "2025-12-31"),
                ("source", "年报"),
                ("reason", "revised"),
            ];
            form(path, &fields)
        }
        _ => return None,
    })
}

async fn api(world: &World, method: &str, route: &str) -> Option<Ask> {
    let below = route.strip_prefix("/api/v1")?;
    let at = |name: &str, id: String| route.replace(&format!("{{{name}}}"), &id);
    Some(match (method, below) {
        ("GET", "/problems/{code}") => get(at("code", "api.not_found".into())),
        ("POST", "/session") => {
            let (_, user_name) = world.fresh_person().await;
            json_of(route, json!({ "user_name": user_name, "password": PASSWORD }))
        }
        ("DELETE", "/session") => get(route),
        ("GET", "/organisations/{organisation}") => {
            get(at("organisation", world.fresh_body().await.to_string()))
        }
        ("GET", "/records/{kind}/{id}/versions") => {
            get(format!("/api/v1/records/plan/{}/versions", world.plan))
        }
        ("GET", "/records/{kind}/{id}/versions/{version}/proof") => {
            world.wait_for_ledger().await;
            get(format!("/api/v1/records/plan/{}/versions/1/proof", world.plan))
        }
        ("GET", it) if it.contains("{plan}") => get(at("plan", world.plan.to_string())),
        ("POST", "/plans/{plan}/release") => {
            let plan = world.fresh_plan().await;
            change(at("plan", plan.to_string()), json!({ "released": false, "reason": "not yet" }))
        }
        ("POST", "/plans/{plan}/withdrawal") => {
            change(at("plan", world.fresh_plan().await.to_string()), json!({ "reason": "given up" }))
        }
        ("GET", it) if it.contains("{indicator}") => {
            get(at("indicator", world.fresh_indicator().await.to_string()))
        }
        ("POST", "/indicators/{indicator}/statements") => json_of(
            at("indicator", world.fresh_indicator().await.to_string()),
            json!({ "value": { "value": "130", "unit": "个" }, "as_of": "2026-09-30", "source": "季度报表", "reason": "x" }),
        ),
        ("POST", "/statements/{statement}/check") => {
            let (_, statement) = world.fresh_statement().await;
            change(at("statement", statement.id.to_string()), json!({ "reason": "compared" }))
        }
        ("POST", "/statements/{statement}/return") => {
            let (_, statement) = world.fresh_statement().await;
            change(at("statement", statement.id.to_string()), json!({ "why": "缺表" }))
        }
        ("GET", it) if it.contains("{task}") => get(at("task", world.fresh_task().await.to_string())),
        ("PATCH", "/tasks/{task}") => {
            let task = world.fresh_task().await;
            change(at("task", task.to_string()), json!({ "title": "改后的任务", "reason": "agreed" }))
        }
        ("POST", "/tasks/{task}/reports") => json_of(
            at("task", world.fresh_task().await.to_string()),
            json!({ "percent": 40, "narrative": "已完成招标" }),
        ),
        ("POST", "/reports/{report}/check") => {
            change(at("report", world.fresh_report().await.id.to_string()), json!({ "reason": "compared" }))
        }
        ("POST", "/reports/{report}/return") => {
            change(at("report", world.fresh_report().await.id.to_string()), json!({ "why": "缺证明" }))
        }
        ("GET", it) if it.contains("{system}") => get(at("system", world.fresh_system().await.to_string())),
        ("PATCH", "/systems/{system}") => {
            let system = world.fresh_system().await;
            change(at("system", system.to_string()), json!({ "name": "改名平台", "reason": "x" }))
        }
        ("POST", "/readings") => Ask {
            path: format!("{route}?file_name=plan.txt&reason=received"),
            content: Content::Bytes(world.document().into_bytes()),
            if_match: None,
        },
        ("GET", it) if it.contains("{reading}") => {
            get(at("reading", world.fresh_reading().await.0.to_string()))
        }
        ("POST", "/readings/{reading}/adoption") => {
            let (reading, unknown) = world.reviewed_reading().await;
            let bodies: BTreeMap<String, &str> = unknown.into_iter().map(|name| (name, "create")).collect();
            let view = world.app.store.get::<hutong_plans::reading::Reading>(reading).await.unwrap().unwrap();
            let body = json!({
                "first_day": "2026-01-01", "last_day": "2028-12-31", "keeper": world.own.id.to_string(),
                "bodies": bodies, "released": true, "reason": "reviewed",
            });
            Ask { if_match: Some(view.version.0), ..json_of(at("reading", reading.to_string()), body) }
        }
        ("POST", "/readings/{reading}/findings") => json_of(
            at("reading", world.fresh_reading().await.0.to_string()),
            json!({ "content": { "kind": "basis", "title": "上位规划" }, "reason": "missed" }),
        ),
        ("POST", "/findings/{finding}/decision") => {
            let (_, findings) = world.fresh_reading().await;
            let finding = of_kind(&findings, "task").first()?.id;
            change(at("finding", finding.to_string()), json!({ "decision": "accept", "reason": "right" }))
        }
        _ => return None,
    })
}
