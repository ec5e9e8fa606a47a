//! Every part of the kit on one page, and sign-in with invented people: `cargo run -p hutong-web --example
//! gallery 127.0.0.1:8099`.

use std::sync::Arc;

use axum::Router;
use axum::response::Response;
use axum::routing::get;
use hutong_kernel::permission::{Action, Role};
use hutong_kernel::{Quantity, Unit};
use hutong_testkit::{FakeClock, TempStore};
use hutong_web::state::NavigationItem;
use hutong_web::ui::{
    self, Address, Change, Chart, ChartKind, Chip, Choice, Column, Field, Icon, LightKind, Pager, Problem,
    QuietFooter, Series, SeriesRole, Step, StepState, Table, Tile, Tone,
};
use hutong_web::{App, PageError, PageHead, Tab, Visit};
use maud::{Markup, html};
use serde_json::json;

const NAVIGATION: [NavigationItem; 9] = [
    NavigationItem { key: "nav-home", href: "/", action: None, icon: Icon::Home },
    NavigationItem {
        key: "nav-import",
        href: "/import",
        action: Some(Action::ImportDocument),
        icon: Icon::Import,
    },
    NavigationItem { key: "nav-plans", href: "/plans", action: None, icon: Icon::Plan },
    NavigationItem { key: "nav-tasks", href: "/tasks", action: None, icon: Icon::Tasks },
    NavigationItem { key: "nav-indicators", href: "/indicators", action: None, icon: Icon::Indicator },
    NavigationItem { key: "nav-systems", href: "/systems", action: None, icon: Icon::Systems },
    NavigationItem {
        key: "nav-organisations",
        href: "/organisations",
        action: None,
        icon: Icon::Organisations,
    },
    NavigationItem {
        key: "nav-persons",
        href: "/persons",
        action: Some(Action::ViewPersons),
        icon: Icon::People,
    },
    NavigationItem {
        key: "nav-journal",
        href: "/journal",
        action: Some(Action::ViewJournal),
        icon: Icon::Journal,
    },
];

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let address = std::env::args().nth(1).unwrap_or_else(|| "127.0.0.1:8099".to_owned());
    let clock = Arc::new(FakeClock::at("2026-11-23T01:00:00Z".parse()?));
    let temp = TempStore::open(Vec::new())?;
    let store = temp.store().clone();
    let finance = hutong_testkit::organisation("区财政局");
    let mut change = store.begin(&hutong_testkit::system_context(&*clock, "demo"), "demo district");
    change.create(&finance);
    for (user, name, role) in [
        ("wangmin", "王敏", Role::PlanSupervisor),
        ("lijie", "李杰", Role::DepartmentOfficer),
        ("zhaohui", "赵晖", Role::DistrictLeader),
        ("chenyu", "陈雨", Role::Auditor),
    ] {
        let mut person = hutong_testkit::person(user, Some(finance.id));
        name.clone_into(&mut person.name);
        change.create(&person);
        change.create(&hutong_testkit::role_grant(person.id, role));
    }
    change.commit().await?;

    let mut parts = hutong_web::testing::parts(store, clock, &[]);
    parts.navigation = NAVIGATION.to_vec();
    let app = App::new(parts);
    let routes =
        Router::new().route("/", get(gallery)).route("/fault", get(fault)).merge(hutong_web::pages());
    let listener = tokio::net::TcpListener::bind(&address).await?;
    axum::serve(listener, hutong_web::frame(app, routes)).await?;
    Ok(())
}

async fn fault() -> Result<Response, PageError> {
    Err(PageError::fault("an invented fault"))
}

async fn gallery(visit: Visit) -> Response {
    let here = Address::parse(&visit.path_and_query);
    let tabs = vec![
        Tab::new("概况", "/", true),
        Tab::new("任务", "/tasks", false).count(34),
        Tab::new("指标", "/indicators", false).count(11),
        Tab::new("历史", "/history", false),
    ];
    let head = PageHead::new("数字经济高质量发展三年行动计划(2026—2028年)")
        .crumb(visit.t("nav-plans"), "/plans")
        .state(html! { (ui::badge(Tone::Good, "已生效")) (ui::light(&visit, LightKind::BehindPath)) })
        .lead("由督查人员王敏导入,2026年3月2日审核通过并生效;责任单位14个,配合单位9个。")
        .primary(html! { a.button href="#" { (Icon::Download.svg()) "导出台账" } a.button.primary href="#" { "填报进展" } })
        .tabs(tabs);
    visit.page(head, html! { (figures(&visit)) (list(&visit, &here)) (chart(&visit)) (form(&visit)) (remarks(&visit)) }).await
}

fn figures(visit: &Visit) -> Markup {
    let money = Quantity::new(rust_decimal::Decimal::from(12_345_678), Unit::parse("元"));
    ui::tiles(&[
        Tile {
            label: "任务".into(),
            value: html! { "34" },
            note: Some("其中重点12项".into()),
            href: Some("/tasks".into()),
        },
        Tile {
            label: "逾期".into(), value: html! { "2" }, note: Some("较上周减少1项".into()), href: None
        },
        Tile {
            label: "填报覆盖率".into(), value: html! { "91.2%" }, note: Some("31/34".into()), href: None
        },
        Tile {
            label: "支出".into(),
            value: visit.quantity(&money),
            note: Some("截至2026年10月31日".into()),
            href: None,
        },
    ])
}

fn list(visit: &Visit, here: &Address) -> Markup {
    let chips: Vec<Chip> = LightKind::ALL
        .into_iter()
        .map(|kind| {
            let chosen = here.get("light") == Some(kind.name());
            Chip::new(ui::light(visit, kind), here.clone().with("light", kind.name()).to_string(), chosen)
                .count(4)
        })
        .collect();
    let mut table = Table::new(
        "任务台账",
        vec![
            Column::text("任务"),
            Column::text("责任单位"),
            Column::short("时限").sort(here, "due"),
            Column::figure("剩余工作日"),
            Column::short("状态"),
        ],
    );
    for (name, due, left, kind) in [
        ("建成区级数据目录并完成首批三十个部门的数据资源编目", "2026-12-31", "27", LightKind::OnTrack),
        ("发布中小企业数字化转型诊断服务清单", "2026-11-27", "4", LightKind::DueSoon),
        ("完成公共算力服务平台一期建设", "2026-10-31", "-15", LightKind::Late),
        ("组织数据要素应用场景揭榜挂帅", "2026-09-30", "–", LightKind::Recovered),
        ("制定产业空间资源统筹利用办法", "2027-06-30", "150", LightKind::NotStarted),
        ("建设智慧社区综合服务站", "2026-12-31", "27", LightKind::NotReported),
    ] {
        table.row(vec![
            html! { a href="#" { (name) } },
            html! { "区数据局、区财政局" },
            html! { (due) },
            html! { (left) },
            ui::light(visit, kind),
        ]);
    }
    let pager = Pager { count: 34, at_least: false, next: Some("x".into()) };
    html! { section { div.filters { (ui::chips(visit, "状态", &chips)) } (table.draw(visit)) (ui::pager(visit, here, &pager)) } }
}

fn chart(visit: &Visit) -> Markup {
    let some = |values: &[&str]| values.iter().map(|it| (!it.is_empty()).then(|| (*it).to_owned())).collect();
    ui::chart(
        visit,
        &Chart {
            title: "开放数据集在三季度落后路径12个,按目前速度年底可追上".into(),
            note: "单位:个;截至2026年10月31日".into(),
            kind: ChartKind::Line,
            axis: "截至日期".into(),
            places: ["2026-01-31", "2026-03-31", "2026-06-30", "2026-09-30", "2026-12-31"]
                .map(str::to_owned)
                .into(),
            series: vec![
                Series {
                    label: "实际".into(),
                    role: SeriesRole::Value,
                    values: some(&["5", "14", "30", "48", ""]),
                },
                Series {
                    label: "路径".into(),
                    role: SeriesRole::Path,
                    values: some(&["5", "20", "40", "60", "80"]),
                },
                Series {
                    label: "目标".into(),
                    role: SeriesRole::Target,
                    values: some(&["80", "80", "80", "80", "80"]),
                },
                Series {
                    label: "预计".into(),
                    role: SeriesRole::Forecast,
                    values: some(&["", "", "", "48", "82"]),
                },
                Series {
                    label: "下限".into(),
                    role: SeriesRole::BandLow,
                    values: some(&["", "", "", "48", "70"]),
                },
                Series {
                    label: "上限".into(),
                    role: SeriesRole::BandHigh,
                    values: some(&["", "", "", "48", "90"]),
                },
            ],
            download: Some("#".into()),
        },
    )
}

fn form(visit: &Visit) -> Markup {
    let problems = [Problem {
        field: "due".into(),
        text: "时限早于今天。请改为以后的日期。".into(),
        code: Some("plans.task.due_past"),
    }];
    let text = Field {
        name: "title",
        label: "标题".into(),
        value: "建成区级数据目录".into(),
        required: true,
        ..Field::default()
    };
    let due = Field {
        name: "due",
        label: "时限".into(),
        value: "2026-01-01".into(),
        kind: "date",
        required: true,
        problems: &problems,
        ..Field::default()
    };
    let choices = [Choice::new("1", "区数据局", true), Choice::new("2", "区财政局", false)];
    let owner = Field {
        name: "owner",
        label: "责任单位".into(),
        help: Some("排在第一位的为牵头单位。".into()),
        required: true,
        ..Field::default()
    };
    let more = Field { name: "content", label: "内容".into(), ..Field::default() };
    let unit = Field { name: "unit", label: "“提高3%”是".into(), required: true, ..Field::default() };
    html! {
        section.card.narrow {
            h2 { "修改任务" }
            (ui::error_summary(visit, &problems))
            form method="post" data-guard {
                (ui::input(visit, &text)) (ui::input(visit, &due)) (ui::select(visit, &owner, &choices))
                (ui::textarea(visit, &more, 3))
                (ui::radios(visit, &unit, &[Choice::new("a", "百分之三(相对变化)", false), Choice::new("b", "三个百分点(份额之差)", false)]))
                (ui::reason(visit, "", &[])) (ui::actions(visit, "保存", Some("/")))
            }
        }
    }
}

fn remarks(visit: &Visit) -> Markup {
    let changes = [
        Change { field: "时限".into(), old: Some(json!("2026-06-30")), new: Some(json!("2026-12-31")) },
        Change { field: "公开".into(), old: Some(json!(false)), new: Some(json!(true)) },
    ];
    let steps = [
        Step { label: "上传".into(), state: StepState::Done, href: Some("#".into()) },
        Step { label: "审核".into(), state: StepState::Now, href: None },
        Step { label: "生效".into(), state: StepState::ToCome, href: None },
    ];
    html! {
        (ui::steps(visit, &steps))
        @for tone in [Tone::Plain, Tone::Info, Tone::Good, Tone::Attention, Tone::Danger] {
            (ui::callout(tone, Some("生效后不能撤销"), html! { p { "将有34项任务、11项指标对14个责任单位产生约束。" } }))
        }
        section.card { h2 { "与上一版的差别" } (ui::diff(visit, &changes)) }
        section.card { (ui::facts(&[("发文机关".into(), html! { "槐安区人民政府办公室" }), ("印发日期".into(), html! { (visit.date(jiff::civil::date(2026, 3, 2))) }), ("期限".into(), html! { "2026—2028年" })])) }
        (ui::empty_state(Icon::Plan, "还没有规划", "规划由督查人员导入文件、审核识别结果后生效。", Some(html! { a.button.primary href="#" { "上传规划文件" } })))
        (ui::quiet_footer(visit, &QuietFooter {
            source: Some(html! { a href="#" { "行动计划第12页" } }),
            as_of: Some(html! { "2026-10-31" }),
            version: 3,
            changed_by: "王敏".into(),
            changed_at: visit.ctx.now,
            history: Some("#".into()),
            proof: Some("#".into()),
        }))
    }
}
