//! `hutong plan extract`: what a document promises, without storing anything.

use std::path::Path;

use anyhow::Context;
use hutong_kernel::Refusal;
use hutong_plans::document::{self, ReadError};
use hutong_plans::extract::{self, Findings, Target, Task};

use super::args::{ExtractArgs, ExtractFormat, PlanCommand};
use super::{Failure, Terminal};

/// Runs `hutong plan`.
pub(super) fn run(command: &PlanCommand, terminal: &Terminal) -> Result<(), Failure> {
    match command {
        PlanCommand::Extract(args) => extract(args, terminal),
    }
}

/// A file that cannot be read, as something to mend.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct Unreadable(ReadError);

impl Refusal for Unreadable {
    fn code(&self) -> &'static str {
        self.0.code()
    }
    fn values(&self) -> Vec<(&'static str, String)> {
        match &self.0 {
            ReadError::TooLarge { what, limit } => {
                vec![("what", (*what).to_owned()), ("limit", limit.to_string())]
            }
            ReadError::Encrypted { format } | ReadError::Broken { format, .. } => {
                vec![("format", format.as_str().to_owned())]
            }
            _ => Vec::new(),
        }
    }
}

fn extract(args: &ExtractArgs, terminal: &Terminal) -> Result<(), Failure> {
    let bytes = read_bounded(&args.file)?;
    let name = args.file.file_name().map(|it| it.to_string_lossy().into_owned()).unwrap_or_default();
    let document = document::read(&name, &bytes).map_err(|error| Failure::refused(Unreadable(error)))?;
    let findings = extract::extract(&document);
    let text = match args.format {
        ExtractFormat::Json => {
            let stem = args.file.file_stem().map(|it| it.to_string_lossy().into_owned()).unwrap_or_default();
            serde_json::to_string_pretty(&findings.to_json(&stem)).context("writing JSON")?
        }
        ExtractFormat::Text => describe(&findings, terminal),
    };
    write_out(args.out.as_deref(), &text, terminal)
}

/// Reads at most one byte more than the readers take, so that they and not the memory say that it is too much.
fn read_bounded(path: &Path) -> Result<Vec<u8>, Failure> {
    use std::io::Read as _;
    let limit = u64::try_from(document::limits::FILE_BYTES_MAX).unwrap_or(u64::MAX);
    let file = std::fs::File::open(path).with_context(|| format!("opening {}", path.display()))?;
    let mut bytes = Vec::new();
    file.take(limit + 1).read_to_end(&mut bytes).with_context(|| format!("reading {}", path.display()))?;
    Ok(bytes)
}

/// Writes an answer to a file, or to the terminal.
pub(super) fn write_out(out: Option<&Path>, text: &str, terminal: &Terminal) -> Result<(), Failure> {
    match out {
        None => Ok(terminal.answer(text)?),
        Some(path) => {
            let text = if text.ends_with('\n') { text.to_owned() } else { format!("{text}\n") };
            std::fs::write(path, text).with_context(|| format!("writing {}", path.display()))?;
            Ok(())
        }
    }
}

/// The findings for people.
fn describe(findings: &Findings, terminal: &Terminal) -> String {
    let mut lines = Vec::new();
    let meta = &findings.meta;
    let stated = [
        ("extract-title", &meta.title),
        ("extract-issuer", &meta.issuer),
        ("extract-date", &meta.issued_date),
        ("extract-number", &meta.document_number),
        ("extract-deliberation", &meta.deliberation),
    ];
    for (key, it) in stated {
        if let Some(it) = it {
            lines.push(format!("{}  {}", terminal.text(key, &[]), it.value));
        }
    }
    if let Some(period) = &meta.period {
        lines.push(format!("{}  {}–{}", terminal.text("extract-period", &[]), period.from, period.to));
    }
    section(&mut lines, terminal, "extract-outline", findings.outline.len());
    for heading in &findings.outline {
        let indent = "  ".repeat(usize::from(heading.level));
        lines.push(format!("{indent}{} {}", heading.label, heading.title));
    }
    section(&mut lines, terminal, "extract-targets", findings.targets.len());
    lines.extend(findings.targets.iter().map(|it| target(it, terminal)));
    section(&mut lines, terminal, "extract-achievements", findings.achievements.len());
    lines.extend(findings.achievements.iter().map(|it| target(it, terminal)));
    section(&mut lines, terminal, "extract-tasks", findings.tasks.len());
    lines.extend(findings.tasks.iter().map(|it| task(it, terminal)));
    section(&mut lines, terminal, "extract-prose-tasks", findings.prose_tasks.len());
    lines.extend(findings.prose_tasks.iter().map(|it| task(it, terminal)));
    section(&mut lines, terminal, "extract-systems", findings.systems.len());
    for system in &findings.systems {
        let status = terminal.text(&format!("extract-status-{}", system.status.as_str()), &[]);
        lines.push(format!("  {} ({status}) {}", system.name, place(system.evidence.line, terminal)));
    }
    lines.join("\n")
}

fn section(lines: &mut Vec<String>, terminal: &Terminal, key: &str, count: usize) {
    lines.push(String::new());
    lines.push(terminal.text(key, &[("count", count.to_string())]));
}

fn place(line: usize, terminal: &Terminal) -> String {
    terminal.text("extract-line", &[("line", line.to_string())])
}

fn target(target: &Target, terminal: &Terminal) -> String {
    let deadline = target.deadline.map(|it| format!(" {it}")).unwrap_or_default();
    let open =
        if target.alternatives.is_empty() { String::new() } else { terminal.text("extract-open", &[]) };
    format!(
        "  {}: {} [{}]{deadline}{open} {} {:.2}",
        target.name,
        target.evidence.quote.replace('\n', " "),
        target.op.as_str(),
        place(target.evidence.line, terminal),
        target.evidence.confidence
    )
}

fn task(task: &Task, terminal: &Terminal) -> String {
    let names =
        |it: &Option<Vec<String>>| it.as_ref().map(|it| terminal.words().list(it)).unwrap_or_default();
    let (responsible, cooperating) = (names(&task.responsible), names(&task.cooperating));
    let mut line = format!("  {} {}", task.label, task.title).trim_end().to_owned();
    if !responsible.is_empty() {
        line.push_str(&terminal.text("extract-responsible", &[("names", responsible)]));
    }
    if !cooperating.is_empty() {
        line.push_str(&terminal.text("extract-cooperating", &[("names", cooperating)]));
    }
    format!("{line} {}", place(task.evidence.line, terminal))
}
