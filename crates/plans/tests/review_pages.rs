//! From upload to a plan in force through the pages, without JavaScript, in both languages with strict texts.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on must stop")]

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};
use hutong_kernel::permission::Role;
use hutong_testkit::{FakeClock, TempStore};
use hutong_web::App;
use tower::ServiceExt as _;

/// Own words, with an ambiguous share, a table of tasks and a platform.
const DOCUMENT: &str = "槐安区数字治理行动计划(2026—2028年)\n槐安区人民政府\n2026年3月2日\n\
一、发展目标\n\
到2028年,开放数据集数量达到300个以上,数字企业数量占全区比重较2025年底提升50%以上。\n\
二、重点任务\n\
(一)建设统一底座\n\
建设区级数据目录管理平台,汇聚各部门目录。\n\
附件:任务清单\n\
序号 | 任务名称 | 主要内容 | 责任部门 | 配合部门\n\
1 | 编制数据目录 | 完成三十个部门的目录编制 | 区数据局 | 区财政局\n\
2 | 开展质量评估 | 每季度评估一次 | 区数据局 | 区审计局\n";

struct Site {
    router: Router,
    cookie: String,
    _temp: TempStore,
}

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: String,
}

impl Answer {
    fn location(&self) -> String {
        self.headers.get(header::LOCATION).map(|it| it.to_str().unwrap().to_owned()).unwrap_or_default()
    }
}

impl Site {
    async fn new(role: Role) -> Self {
        let clock = Arc::new(FakeClock::at("2026-11-23T01:00:00Z".parse().unwrap()));
        let temp = TempStore::open(hutong_plans::kinds()).unwrap();
        let store = temp.store().clone();
        let person = hutong_testkit::person("wangmin", None);
        let mut change = store.begin(&hutong_testkit::system_context(&*clock, "test"), "test");
        change.create(&person);
        change.create(&hutong_testkit::organisation("区财政局"));
        change.create(&hutong_testkit::role_grant(person.id, role));
        change.commit().await.unwrap();
        let app = App::new(hutong_web::testing::parts(store, clock, hutong_plans::messages()));
        let router = hutong_web::frame(app, hutong_plans::pages::pages().merge(hutong_web::pages()));
        let mut site = Self { router, cookie: String::new(), _temp: temp };
        let signed_in = site.post("/sign-in/demo", &format!("person={}", person.id)).await;
        let mut cookies = signed_in.headers.get_all(header::SET_COOKIE).iter().map(|it| it.to_str().unwrap());
        let session = cookies.rfind(|it| it.starts_with("hutong_session=")).unwrap();
        site.cookie = session.split(';').next().unwrap().to_owned();
        site
    }

    async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, 16 << 20).await.unwrap();
        Answer {
            status: parts.status,
            headers: parts.headers,
            body: String::from_utf8_lossy(&bytes).into_owned(),
        }
    }

    /// A page in both languages; the Chinese one is given back.
    async fn get(&self, path: &str) -> Answer {
        let mut answers = Vec::new();
        for language in ["en", "zh-CN"] {
            let request = Request::get(path)
                .header(header::COOKIE, &self.cookie)
                .header(header::ACCEPT_LANGUAGE, language)
                .body(Body::empty())
                .unwrap();
            answers.push(self.send(request).await);
        }
        answers.pop().unwrap()
    }

    async fn page(&self, path: &str) -> String {
        let answer = self.get(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.body);
        answer.body
    }

    async fn post(&self, path: &str, form: &str) -> Answer {
        let request = Request::post(path)
            .header(header::COOKIE, &self.cookie)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(form.to_owned()))
            .unwrap();
        self.send(request).await
    }

    async fn upload(&self, name: &str, bytes: &[u8]) -> Answer {
        let mut body = format!(
            "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: application/octet-stream\r\n\r\n"
        )
        .into_bytes();
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n--x--\r\n");
        let request = Request::post("/import")
            .header(header::COOKIE, &self.cookie)
            .header(header::CONTENT_TYPE, "multipart/form-data; boundary=x")
            .body(Body::from(body))
            .unwrap();
        self.send(request).await
    }
}

/// The ids of the cards on a page, in order.
fn cards(page: &str) -> Vec<String> {
    page.split("data-card=\"").skip(1).map(|rest| rest[..36].to_owned()).collect()
}

#[tokio::test]
async fn a_document_is_reviewed_and_adopted_without_javascript() {
    let site = Site::new(Role::PlanSupervisor).await;
    let reading = site.upload("计划.txt", DOCUMENT.as_bytes()).await.location();
    assert!(reading.starts_with("/import/"), "{reading}");
    assert!(site.page("/import").await.contains("槐安区数字治理行动计划"));
    for tab in ["metadata", "target", "task", "system", "achievement", "basis", "outline", "table"] {
        let page = site.page(&format!("{reading}?tab={tab}&state=open&confidence=high")).await;
        assert!(page.contains("data-finding="), "the document's words are marked beside {tab}");
    }

    // The share can be read in two ways: it is refused until one is chosen.
    let targets = site.page(&format!("{reading}?tab=target")).await;
    let ambiguous =
        targets.split("data-card=\"").skip(1).find(|card| card.contains("name=\"reading\"")).unwrap();
    let at = format!("{reading}/findings/{}", &ambiguous[..36]);
    let refused = site.post(&format!("{at}/accept"), "version=1").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("plans.finding.reading_open"));
    let taken = site.post(&format!("{at}/accept"), "version=1&reading=1").await;
    assert_eq!(taken.status, StatusCode::SEE_OTHER);
    let stale = site.post(&format!("{at}/reject"), "version=1").await;
    assert_eq!(
        stale.status,
        StatusCode::CONFLICT,
        "somebody who saw the first version cannot undo the second"
    );

    // Everything else is accepted one by one.
    for tab in ["metadata", "target", "task", "system", "achievement", "basis"] {
        for card in cards(&site.page(&format!("{reading}?tab={tab}&state=open")).await) {
            let answer = site.post(&format!("{reading}/findings/{card}/accept"), "").await;
            assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
        }
    }
    let decided = site.page(&format!("{reading}?tab=task")).await;
    assert!(decided.contains("测试wangmin"), "who accepted is shown");

    let check = site.page(&format!("{reading}/check")).await;
    assert!(
        check.contains("区数据局") && !check.contains("“区财政局”没有"),
        "only unknown bodies are asked about"
    );
    let names: Vec<&str> = check.split("name=\"name-").skip(1).collect();
    let mut form = String::from("reason=reviewed&rest=create");
    for name in &names {
        let (number, rest) = name.split_once('"').unwrap();
        let value = rest.split_once("value=\"").unwrap().1.split('"').next().unwrap();
        form.push_str(&format!("&name-{number}={}&body-{number}=", hutong_web::ui::url::encode(value)));
    }
    let no_reason = site.post(&format!("{reading}/check"), &form.replace("reason=reviewed", "reason=")).await;
    assert_eq!(no_reason.status, StatusCode::UNPROCESSABLE_ENTITY);
    let adopted = site.post(&format!("{reading}/check"), &form).await;
    if adopted.status == StatusCode::UNPROCESSABLE_ENTITY {
        // The indicators name nobody: a keeper must be chosen.
        let keeper = adopted
            .body
            .split("id=\"field-keeper\"")
            .nth(1)
            .unwrap()
            .split("<option value=\"")
            .nth(2)
            .unwrap();
        let adopted =
            site.post(&format!("{reading}/check"), &format!("{form}&keeper={}", &keeper[..36])).await;
        assert!(adopted.location().starts_with("/plans/"), "{}", adopted.body);
    } else {
        assert!(adopted.location().starts_with("/plans/"), "{}", adopted.body);
    }
    let closed = site.post(&format!("{at}/reject"), "").await;
    assert_eq!(closed.status, StatusCode::CONFLICT);
    assert!(closed.body.contains("plans.finding.reading_closed"));
}

#[tokio::test]
async fn findings_are_corrected_split_merged_and_added() {
    let site = Site::new(Role::PlanSupervisor).await;
    let reading = site.upload("计划.txt", DOCUMENT.as_bytes()).await.location();
    let tasks = cards(&site.page(&format!("{reading}?tab=task")).await);
    let at = format!("{reading}/findings/{}", tasks[0]);
    for action in ["correct", "split", "merge"] {
        site.page(&format!("{at}/{action}")).await;
    }
    let encode = hutong_web::ui::url::encode;
    let wrong = site.post(&format!("{at}/correct"), "title=&deadline=soon").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.body.contains("plans.input.missing") && wrong.body.contains("plans.input.date"));
    assert!(wrong.body.contains("value=\"soon\""), "what was typed is still there");
    let form = format!(
        "title={}&deadline=2027-06-30&responsible={}",
        encode("编制目录"),
        encode("区数据局\n区财政局")
    );
    assert_eq!(site.post(&format!("{at}/correct"), &form).await.status, StatusCode::SEE_OTHER);
    let page = site.page(&format!("{reading}?tab=task")).await;
    assert!(page.contains("2027年6月30日") && page.contains("区数据局、区财政局"));

    let form = format!("parts=2&p1-title={}&p2-title={}", encode("甲"), encode("乙"));
    assert_eq!(site.post(&format!("{at}/split"), &form).await.status, StatusCode::SEE_OTHER);
    let other = format!("{reading}/findings/{}", tasks[1]);
    let parts = cards(&site.page(&format!("{reading}?tab=task")).await);
    let form = format!("title={}&other={}", encode("合为一项"), parts.last().unwrap());
    let merged = site.post(&format!("{other}/merge"), &form).await;
    assert_eq!(merged.status, StatusCode::SEE_OTHER, "{}", merged.body);

    for kind in ["metadata", "approval", "basis", "target", "achievement", "task", "system"] {
        site.page(&format!("{reading}/add?kind={kind}")).await;
    }
    let elsewhere = format!("kind=system&name=x&status=build&quote={}", encode("文件里没有的话"));
    assert!(
        site.post(&format!("{reading}/add"), &elsewhere).await.body.contains("plans.finding.words_elsewhere")
    );
    let there =
        format!("kind=system&name={}&status=build&quote={}", encode("目录"), encode("数据目录管理平台"));
    let added = site.post(&format!("{reading}/add"), &there).await;
    assert_eq!(added.status, StatusCode::SEE_OTHER, "{}", added.body);

    site.page(&format!("{reading}/discard")).await;
    assert_eq!(site.post(&format!("{reading}/discard"), "reason=wrong+file").await.location(), "/import");
}

#[tokio::test]
async fn htmx_gets_the_card_and_what_changed_around_it() {
    let site = Site::new(Role::PlanSupervisor).await;
    let reading = site.upload("计划.txt", DOCUMENT.as_bytes()).await.location();
    let card = cards(&site.page(&format!("{reading}?tab=metadata")).await).remove(0);
    let request = Request::post(format!("{reading}/findings/{card}/accept"))
        .header(header::COOKIE, &site.cookie)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header("hx-request", "true")
        .header("hx-target", format!("finding-{card}"))
        .body(Body::from("version=1"))
        .unwrap();
    let answer = site.send(request).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(!answer.body.contains("<html") && answer.body.contains("hx-swap-oob=\"true\""));
    assert_eq!(cards(&answer.body), [card]);
}

#[tokio::test]
async fn files_that_cannot_be_read_are_refused_with_a_sentence() {
    let site = Site::new(Role::PlanSupervisor).await;
    for (name, bytes, code) in [
        ("empty.txt", b"  \n".as_slice(), "plans.document.empty"),
        ("old.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 W\0o\0r\0d\0".as_slice(), "plans.document."),
        ("picture.png", b"\x89PNG\r\n\x1a\n0000".as_slice(), "plans.document.image"),
        ("", b"".as_slice(), "plans.import.no_file"),
    ] {
        let answer = site.upload(name, bytes).await;
        assert!(answer.status.is_client_error(), "{name}: {}", answer.status);
        assert!(answer.body.contains(code), "{name}: {}", answer.body);
    }
}

#[tokio::test]
async fn only_supervisors_import_and_review() {
    let supervisor = Site::new(Role::PlanSupervisor).await;
    let reading = supervisor.upload("计划.txt", DOCUMENT.as_bytes()).await.location();
    assert!(!reading.is_empty());
    for role in [Role::DepartmentOfficer, Role::DistrictLeader, Role::SystemAdministrator, Role::Auditor] {
        let site = Site::new(role).await;
        for path in ["/import", reading.as_str(), &format!("{reading}/check"), &format!("{reading}/add")] {
            assert_eq!(site.get(path).await.status, StatusCode::FORBIDDEN, "{role:?} {path}");
        }
        assert_eq!(site.upload("计划.txt", DOCUMENT.as_bytes()).await.status, StatusCode::FORBIDDEN);
    }
}
