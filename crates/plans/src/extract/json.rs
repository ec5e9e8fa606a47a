//! The findings as JSON, with the keys of the hand-labelled files that extraction is measured against.
//!
//! | key | value |
//! |---|---|
//! | `doc` | name given by the caller |
//! | `meta` | `title`, `issuer`, `issued_date` (ISO 8601), `period {from, to}`, `period_inferred`, `deliberation`, `deliberation_items [{date, body, session}]`, `document_number`, `status`, `drafted_by`, `lines` (line or first and last line of each), `evidence` |
//! | `outline` | `level`, `label`, `title`, `line`, `runin` |
//! | `targets`, `implied_targets`, `achievements` | `name`, `op` (`>=` `>` `<=` `<` `~` `=` `range` `growth` `rank`), `op_bound`, `op_text`, `value` (number, pair or null), `unit`, `deadline`, `baseline {year, value}`, `kind`, `frequency`, `is_growth`, `alternatives [{unit, reading}]`, `also_lines`, `name_span`, `value_span`, `line`; achievements also `period` |
//! | `tasks`, `prose_tasks` | `no`, `label`, `special_action`, `group`, `title`, `content`, `body_lines`, `responsible[]`, `cooperating[]`, `basis[]`, `responsible_text`, `cooperating_text`, `deadline_text`, `section[]`, `runin`, `guarantee`, `platforms[]`, `targets[]` (indices), `line` |
//! | `systems` | `name`, `status` (`existing` `build` `upgrade` `use`), `also [{line, status}]`, `line` |
//! | `tables` | `title`, `header_line`, `rows`, `columns`, `row_lines`, `group_lines`, `items`, `line` |
//! | `documents` | `title`, `lines`, `line` |
//!
//! Every finding also has `span {start, end}` in Unicode code points of the whole text, `quote` (the words there) and
//! `confidence`.

use serde_json::{Map, Value as Json, json};

use super::findings::{
    CitedDocument, Evidence, Findings, Heading, Meta, Span, Stated, System, Table, Target, Task, Value,
};

impl Findings {
    /// The findings as JSON; `name` is the document's name and goes into `doc`.
    pub fn to_json(&self, name: &str) -> Json {
        json!({
            "doc": name,
            "meta": meta(&self.meta),
            "outline": self.outline.iter().map(heading).collect::<Vec<_>>(),
            "targets": self.targets.iter().map(target).collect::<Vec<_>>(),
            "implied_targets": self.implied_targets.iter().map(target).collect::<Vec<_>>(),
            "achievements": self.achievements.iter().map(target).collect::<Vec<_>>(),
            "tasks": self.tasks.iter().map(task).collect::<Vec<_>>(),
            "prose_tasks": self.prose_tasks.iter().map(task).collect::<Vec<_>>(),
            "systems": self.systems.iter().map(system).collect::<Vec<_>>(),
            "tables": self.tables.iter().map(table).collect::<Vec<_>>(),
            "documents": self.documents.iter().map(document).collect::<Vec<_>>(),
        })
    }
}

fn span(span: Span) -> Json {
    json!({ "start": span.start, "end": span.end })
}

/// Adds line, place, words and confidence to an object.
fn with(mut object: Json, evidence: &Evidence) -> Json {
    if let Json::Object(map) = &mut object {
        map.insert("line".into(), json!(evidence.line));
        map.insert("span".into(), span(evidence.span));
        map.insert("quote".into(), json!(evidence.quote));
        map.insert("confidence".into(), json!(evidence.confidence));
    }
    object
}

/// A number without a needless fraction.
fn number(value: f64) -> Json {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if value.fract() == 0.0 && value.abs() < EXACT {
        // Whole and within the exact range, so its text is a whole number too.
        format!("{value:.0}").parse::<i64>().map_or(json!(value), |whole| json!(whole))
    } else {
        json!(value)
    }
}

fn value(value: Value) -> Json {
    match value {
        Value::None => Json::Null,
        Value::One(one) => number(one),
        Value::Range(low, high) => json!([number(low), number(high)]),
    }
}

fn meta(meta: &Meta) -> Json {
    let mut lines = Map::new();
    let mut evidence = Map::new();
    let mut note = |key: &str, stated: Option<&Stated>| {
        if let Some(stated) = stated {
            let (first, last) = stated.lines;
            lines.insert(key.into(), if first == last { json!(first) } else { json!([first, last]) });
            evidence.insert(key.into(), with(json!({}), &stated.evidence));
        }
        json!(stated.map(|stated| &stated.value))
    };
    let title = note("title", meta.title.as_ref());
    let issuer = note("issuer", meta.issuer.as_ref());
    let issued = note("issued_date", meta.issued_date.as_ref());
    let deliberation = note("deliberation", meta.deliberation.as_ref());
    let number = note("document_number", meta.document_number.as_ref());
    let status = note("status", meta.status.as_ref());
    let drafted = note("drafted_by", meta.drafted_by.as_ref());
    if let Some(period) = &meta.period {
        lines.insert("period".into(), json!(period.evidence.line));
        evidence.insert("period".into(), with(json!({}), &period.evidence));
    }
    json!({
        "title": title,
        "issuer": issuer,
        "issued_date": issued,
        "period": meta.period.as_ref().map(|period| json!({ "from": period.from, "to": period.to })),
        "period_inferred": meta.period.as_ref().is_some_and(|period| period.inferred),
        "deliberation": deliberation,
        "deliberation_items": meta.deliberation_items.iter()
            .map(|item| json!({ "date": item.date, "body": item.body, "session": item.session }))
            .collect::<Vec<_>>(),
        "document_number": number,
        "status": status,
        "drafted_by": drafted,
        "lines": lines,
        "evidence": evidence,
    })
}

fn heading(heading: &Heading) -> Json {
    let object = json!({ "level": heading.level, "label": heading.label, "title": heading.title, "runin": heading.runin });
    with(object, &heading.evidence)
}

fn target(target: &Target) -> Json {
    let mut object = json!({
        "name": target.name,
        "op": target.op.as_str(),
        "op_bound": target.op_bound.map(super::findings::Op::as_str),
        "op_text": target.op_text,
        "value": value(target.value),
        "unit": target.unit,
        "deadline": target.deadline,
        "baseline": target.baseline.map(|base| json!({ "year": base.year, "value": base.value.map(number) })),
        "kind": target.kind,
        "frequency": target.frequency,
        "is_growth": target.is_growth,
        "alternatives": target.alternatives.iter()
            .map(|other| json!({ "unit": other.unit, "reading": other.reading }))
            .collect::<Vec<_>>(),
        "also_lines": target.also_lines,
        "name_span": span(target.name_span),
        "value_span": span(target.value_span),
    });
    if let (Some(period), Json::Object(map)) = (&target.period, &mut object) {
        map.insert("period".into(), json!(period));
    }
    with(object, &target.evidence)
}

fn task(task: &Task) -> Json {
    let mut object = json!({ "title": task.title, "content": task.content });
    if let Json::Object(map) = &mut object {
        let mut put = |key: &str, value: Json| {
            if !value.is_null() {
                map.insert(key.into(), value);
            }
        };
        put("no", json!(task.no));
        put("label", if task.from_table { Json::Null } else { json!(task.label) });
        put("special_action", json!(task.special_action));
        put("group", json!(task.group));
        put("body_lines", json!(task.body_lines));
        put("responsible", json!(task.responsible));
        put("cooperating", json!(task.cooperating));
        put("basis", json!(task.basis));
        put("responsible_text", json!(task.responsible_text));
        put("cooperating_text", json!(task.cooperating_text));
        put("deadline_text", json!(task.deadline_text));
        put("section", json!(task.section));
        put("runin", json!(task.runin));
        put("guarantee", json!(task.guarantee));
        put("platforms", json!(task.platforms));
        put("targets", json!(task.targets));
    }
    with(object, &task.evidence)
}

fn system(system: &System) -> Json {
    let also: Vec<Json> =
        system.also.iter().map(|(line, status)| json!({ "line": line, "status": status.as_str() })).collect();
    with(json!({ "name": system.name, "status": system.status.as_str(), "also": also }), &system.evidence)
}

fn table(table: &Table) -> Json {
    let object = json!({
        "title": table.title,
        "header_line": table.header_line,
        "rows": table.rows,
        "columns": table.columns,
        "row_lines": table.row_lines,
        "group_lines": table.group_lines,
        "items": table.items,
    });
    with(object, &table.evidence)
}

fn document(document: &CitedDocument) -> Json {
    with(json!({ "title": document.title, "lines": document.lines }), &document.evidence)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_are_written_whole() {
        assert_eq!(number(800.0).to_string(), "800");
        assert_eq!(number(2324.7).to_string(), "2324.7");
        assert_eq!(value(Value::Range(1.0, 3.0)).to_string(), "[1,3]");
    }
}
