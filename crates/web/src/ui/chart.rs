//! Charts: a table, drawn.
//!
//! The element `<hutong-chart>` reads its figures from the table inside it and draws them; without JavaScript,
//! on paper and for a screen reader the table itself is the chart.

use maud::{Markup, html};

use crate::words::Words;

/// What a chart looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChartKind {
    /// Values over time.
    Line,
    /// Values side by side, sorted by the caller.
    Bar,
}

/// What a series is, which decides how it is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SeriesRole {
    /// Measured values: a full line with dots, or bars.
    Value,
    /// The path that should be followed: a thin line.
    Path,
    /// A target: a thin line in ink with its value.
    Target,
    /// What is expected: dashed.
    Forecast,
    /// Lower edge of a band.
    BandLow,
    /// Upper edge of a band.
    BandHigh,
}

impl SeriesRole {
    fn name(self) -> &'static str {
        match self {
            Self::Value => "value",
            Self::Path => "path",
            Self::Target => "target",
            Self::Forecast => "forecast",
            Self::BandLow => "band-low",
            Self::BandHigh => "band-high",
        }
    }
}

/// A row of values.
#[derive(Debug, Clone)]
pub struct Series {
    /// Its name.
    pub label: String,
    /// How it is drawn.
    pub role: SeriesRole,
    /// A value, or nothing, for each place on the axis; plain decimals such as `12.5`.
    pub values: Vec<Option<String>>,
}

/// A chart.
#[derive(Debug, Clone)]
pub struct Chart {
    /// A sentence that says the finding.
    pub title: String,
    /// Unit and as-of, under the title.
    pub note: String,
    /// What it looks like.
    pub kind: ChartKind,
    /// Name of the axis, e.g. 截至日期.
    pub axis: String,
    /// Places on the axis: dates (`2026-06-30`) for a line, names for bars.
    pub places: Vec<String>,
    /// The values.
    pub series: Vec<Series>,
    /// Where the figures can be taken out, if they can.
    pub download: Option<String>,
}

/// Draws a chart.
pub fn chart(words: &Words, chart: &Chart) -> Markup {
    html! {
        figure.chart {
            figcaption {
                p.chart-title { (chart.title) }
                p.chart-note { (chart.note) }
            }
            hutong-chart kind=(match chart.kind { ChartKind::Line => "line", ChartKind::Bar => "bar" })
                aria-label=(chart.title) {
                details open {
                    summary { (words.t("chart-table")) }
                    div.table-scroll tabindex="0" role="region" aria-label=(chart.title) {
                        table.dense {
                            caption.unseen { (chart.title) }
                            thead {
                                tr {
                                    th scope="col" { (chart.axis) }
                                    @for series in &chart.series {
                                        th.figure scope="col" data-role=(series.role.name()) { (series.label) }
                                    }
                                }
                            }
                            tbody {
                                @for (index, place) in chart.places.iter().enumerate() {
                                    tr {
                                        th scope="row" data-label=(chart.axis) { (place) }
                                        @for series in &chart.series {
                                            td.figure data-label=(series.label) {
                                                (series.values.get(index).and_then(Option::as_deref).unwrap_or("–"))
                                            }
                                        }
                                    }
                                }
                            }
                        }
                    }
                }
            }
            @if let Some(download) = &chart.download {
                p.chart-download { a href=(download) download { (words.t("chart-download")) } }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use hutong_kernel::district::Language;

    use super::*;
    use crate::testing::words;

    #[test]
    fn a_chart_is_a_table_first() {
        let path = Chart {
            title: "开放数据集比路径少12个".into(),
            note: "单位:个;截至2026年9月30日".into(),
            kind: ChartKind::Line,
            axis: "截至日期".into(),
            places: vec!["2026-06-30".into(), "2026-09-30".into()],
            series: vec![
                Series {
                    label: "实际".into(),
                    role: SeriesRole::Value,
                    values: vec![Some("40".into()), None],
                },
                Series {
                    label: "路径".into(),
                    role: SeriesRole::Path,
                    values: vec![Some("45".into()), Some("60".into())],
                },
            ],
            download: None,
        };
        insta::assert_snapshot!(chart(&words(Language::Chinese), &path).into_string());
    }
}
