//! The demo's documents: rendered for the day, handed in, reviewed, adopted.

use anyhow::Context;
use hutong_kernel::{OpContext, PlanId, ReadingId};
use hutong_plans::reading::{Content, FindingState, MetadataField};
use hutong_plans::services::{AdoptRequest, FindingDecision};
use jiff::civil::Date;

use super::{Deeds, fault};

/// What stands in a document's place of a year or a date.
pub(super) type Blank<'a> = (&'a str, String);

/// Fills the blanks of a document.
pub(super) fn render(template: &str, blanks: &[Blank<'_>]) -> String {
    blanks.iter().fold(template.to_owned(), |text, (name, value)| text.replace(&format!("{{{name}}}"), value))
}

/// The years `{y0}` to `{y5}` of the large plans.
pub(super) fn years(deeds: &Deeds<'_>) -> Vec<Blank<'static>> {
    [("y0", 0), ("y1", 1), ("y2", 2), ("y3", 3), ("y4", 4), ("y5", 5)]
        .into_iter()
        .map(|(name, number)| (name, deeds.story.year(number).to_string()))
        .collect()
}

/// A date as documents write it.
pub(super) fn written(day: Date) -> String {
    format!("{}年{}月{}日", day.year(), day.month(), day.day())
}

/// A document with what the supervisor knows about it.
pub(super) struct Paper {
    /// Name of the file.
    pub(super) file_name: &'static str,
    /// Its text.
    pub(super) text: String,
    /// Its title.
    pub(super) title: String,
    /// Its targets.
    pub(super) targets: Vec<Decided>,
    /// Are its actions tasks of this plan, or is another plan made for them?
    pub(super) with_tasks: bool,
}

/// Platforms that the demo's documents promise; whatever else is taken for one is not.
const SYSTEMS: [&str; 6] = [
    "数字孪生城区平台",
    "政务云平台",
    "公共数据开放平台",
    "城市运行一张图",
    "中试服务平台",
    "园区智慧管理平台",
];

/// A target as the supervisor decides it; its words stand in the document.
pub(super) struct Decided {
    /// Name in the document.
    pub(super) name: String,
    /// What it is.
    pub(super) content: hutong_plans::reading::TargetContent,
}

impl Deeds<'_> {
    /// Hands a document in, decides about everything that was found, and adopts it.
    pub(super) async fn adopt(
        &self,
        day: Date,
        paper: Paper,
        request: AdoptRequest,
    ) -> anyhow::Result<PlanId> {
        let supervisor = self.people.person("supervisor")?;
        let next = || self.story.context(supervisor.clone(), day);
        let ctx = next();
        let reading = self
            .plans(&ctx)
            .receive_document(paper.file_name, paper.text.into_bytes(), "上传规划文件")
            .await
            .map_err(|it| fault("handing in", it.refusal()))?
            .id;
        self.decide_targets(&next, reading, paper.targets).await?;
        self.decide_others(&next, reading, &paper.title, paper.with_tasks).await?;
        for kind in ["metadata", "approval", "basis", "achievement", "task"] {
            let ctx = next();
            self.plans(&ctx)
                .accept_confident(reading, Some(kind), 0, "逐条核对原文,确认无误")
                .await
                .map_err(|it| fault("accepting", it.refusal()))?;
        }
        let ctx = next();
        let open = self
            .plans(&ctx)
            .open_decisions(reading, request.clone())
            .await
            .map_err(|it| fault("looking for open decisions", it.refusal()))?;
        anyhow::ensure!(open.is_empty(), "{} has open decisions: {open:?}", paper.file_name);
        let ctx = next();
        let plan = self
            .plans(&ctx)
            .adopt(reading, request, "经审核无误,予以生效")
            .await
            .map_err(|it| fault("adopting", it.refusal()))?;
        Ok(plan.id)
    }

    /// Accepts what was read as it is meant, corrects or adds the others, rejects the rest.
    async fn decide_targets(
        &self,
        next: &dyn Fn() -> OpContext,
        reading: ReadingId,
        targets: Vec<Decided>,
    ) -> anyhow::Result<()> {
        let ctx = next();
        let view = self.plans(&ctx).reading(reading).await.map_err(|it| fault("reading", it.refusal()))?;
        let mut left = targets;
        for finding in &view.findings {
            let Content::Target { target: found } = finding.content() else { continue };
            let ctx = next();
            let wanted = left.iter().position(|it| it.name == found.name).map(|at| left.remove(at));
            let (decision, reason) = match wanted {
                Some(it)
                    if it.content.target == found.target && it.content.entry_mode == found.entry_mode =>
                {
                    (FindingDecision::Accept { reading: None }, "与原文一致")
                }
                Some(it) => (
                    FindingDecision::Correct { content: Content::Target { target: it.content } },
                    "按原文更正",
                ),
                None if finding.state != FindingState::Open => continue,
                None => (FindingDecision::Reject { reason: Some("不属于指标".to_owned()) }, "不属于指标"),
            };
            self.plans(&ctx)
                .decide_finding(finding.id, None, decision, reason)
                .await
                .map_err(|it| fault("deciding", it.refusal()))?;
        }
        for it in left {
            let ctx = next();
            let content = Content::Target { target: it.content };
            self.plans(&ctx)
                .add_finding(reading, content, None, "补充识别时遗漏的指标")
                .await
                .map_err(|it| fault("adding", it.refusal()))?;
        }
        Ok(())
    }

    /// Corrects the title, keeps to the platforms that are ones, leaves actions out that are not tasks here.
    async fn decide_others(
        &self,
        next: &dyn Fn() -> OpContext,
        reading: ReadingId,
        title: &str,
        with_tasks: bool,
    ) -> anyhow::Result<()> {
        let ctx = next();
        let view = self.plans(&ctx).reading(reading).await.map_err(|it| fault("reading", it.refusal()))?;
        for finding in view.findings.iter().filter(|it| it.state == FindingState::Open) {
            let (decision, reason) = match finding.content() {
                Content::Metadata { field: MetadataField::Title, value } if value != title => {
                    let content = Content::Metadata { field: MetadataField::Title, value: title.to_owned() };
                    (FindingDecision::Correct { content }, "按文件题名更正")
                }
                Content::Task { .. } if !with_tasks => {
                    (FindingDecision::Reject { reason: Some("由行动计划分解".to_owned()) }, "由行动计划分解")
                }
                Content::System { name, status } => match SYSTEMS.into_iter().find(|it| name.ends_with(it)) {
                    Some(right) if right == name => (FindingDecision::Accept { reading: None }, "与原文一致"),
                    Some(right) => {
                        let content = Content::System { name: right.to_owned(), status: *status };
                        (FindingDecision::Correct { content }, "更正名称")
                    }
                    None => (
                        FindingDecision::Reject { reason: Some("不是平台或系统".to_owned()) },
                        "不是平台或系统",
                    ),
                },
                _ => continue,
            };
            let ctx = next();
            self.plans(&ctx)
                .decide_finding(finding.id, None, decision, reason)
                .await
                .map_err(|it| fault("deciding", it.refusal()))?;
        }
        Ok(())
    }

    /// The small plan that has just begun.
    pub(super) async fn adopt_recent(&self, day: Date) -> anyhow::Result<()> {
        let last_day = Date::new(day.year() + 1, 12, 31).context("last day")?;
        let blanks = [("year", last_day.year().to_string()), ("issued", written(day))];
        let text = render(include_str!("../../data/demo/recent.md"), &blanks);
        let request = AdoptRequest {
            first_day: Some(day),
            last_day: Some(last_day),
            keeper: Some(self.people.body("data")?),
            released: false,
            ..AdoptRequest::default()
        };
        let title = format!("槐安区数字惠民专项方案({}年)", last_day.year());
        let paper =
            Paper {
                file_name: "数字惠民专项方案.md", text, title, targets: Vec::new(), with_tasks: true
            };
        self.adopt(day, paper, request).await?;
        Ok(())
    }

    /// A document that waits for review.
    pub(super) async fn hand_in_draft(&self, day: Date) -> anyhow::Result<()> {
        let year = day.year();
        let blanks = [
            ("year0", (year - 1).to_string()),
            ("year2", (year + 1).to_string()),
            ("year3", (year + 2).to_string()),
            ("issued", written(day)),
        ];
        let text = render(include_str!("../../data/demo/draft.md"), &blanks);
        let ctx = self.story.context(self.people.person("supervisor_2")?, day);
        self.plans(&ctx)
            .receive_document("科技园提质增效实施意见(征求意见稿).md", text.into_bytes(), "收到征求意见稿")
            .await
            .map_err(|it| fault("handing in", it.refusal()))?;
        Ok(())
    }
}
