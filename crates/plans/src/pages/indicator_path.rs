//! An indicator's values beside its path, as a chart that is a table first.

use std::collections::BTreeSet;

use hutong_kernel::Quantity;
use hutong_web::csv::Csv;
use hutong_web::ui::{Chart, ChartKind, Series, SeriesRole};
use hutong_web::{Value, Visit};
use jiff::civil::Date;

use crate::evaluate_indicator::{evaluate, expected_on};
use crate::services::IndicatorView;
use crate::statement::{Statement, in_force};
use crate::target::Level;

/// The chart, or nothing where the target is words or there is nothing to draw.
pub(super) fn path_chart(visit: &Visit, view: &IndicatorView) -> Option<Chart> {
    let indicator = &view.indicator;
    let unit = indicator.target.unit()?;
    let statements: Vec<Statement> = view.statements.iter().map(|it| it.record.clone()).collect();
    let stated: BTreeSet<Date> = in_force(&statements, visit.ctx.today).iter().map(|it| it.as_of).collect();
    let baseline =
        indicator.baseline.as_ref().and_then(|it| Some((it.day, it.value.as_ref()?.to_unit(&unit).ok()?)));

    let mut days = stated.clone();
    days.extend(baseline.as_ref().map(|(day, _)| *day));
    days.extend(indicator.path.iter().map(|it| it.day));
    days.insert(indicator.start);
    days.insert(indicator.deadline.day);
    let in_unit = |it: Quantity| it.to_unit(&unit).ok().map(|it| it.value.normalize().to_string());
    let on_days = |of: &dyn Fn(Date) -> Option<Quantity>| -> Vec<Option<String>> {
        days.iter().map(|day| of(*day).and_then(in_unit)).collect()
    };

    let value = on_days(&|day| match &baseline {
        Some((known, value)) if *known == day => Some(value.clone()),
        _ if stated.contains(&day) => evaluate(indicator, &statements, day).value?.quantity,
        _ => None,
    });
    let path = on_days(&|day| expected_on(indicator, day));
    let level = view.evaluation.threshold.clone();
    if value.iter().all(Option::is_none) && level.is_none() {
        return None;
    }
    let series = |key: &str, role, values| Series { label: visit.t(key), role, values };
    let constant = |value: Option<rust_decimal::Decimal>| {
        on_days(&|_day| {
            value.map(|value| {
                Quantity::new(value, level.as_ref().map_or_else(|| unit.clone(), |it| it.unit().clone()))
            })
        })
    };
    let mut drawn = vec![series("indicator-page-series-value", SeriesRole::Value, value)];
    if path.iter().any(Option::is_some) {
        drawn.push(series("indicator-page-series-path", SeriesRole::Path, path));
    }
    match &level {
        Some(it @ (Level::About { .. } | Level::Range { .. })) => {
            let (low, high) = it.ends();
            drawn.push(series("indicator-page-series-low", SeriesRole::BandLow, constant(low)));
            drawn.push(series("indicator-page-series-high", SeriesRole::BandHigh, constant(high)));
        }
        Some(it) => drawn.push(series(
            "indicator-page-series-target",
            SeriesRole::Target,
            constant(Some(it.aim().value)),
        )),
        None => {}
    }
    Some(Chart {
        title: finding(visit, view),
        note: visit.t_with(
            "indicator-page-chart-note",
            &[("unit", Value::from(unit.to_string())), ("day", Value::from(visit.date(visit.ctx.today)))],
        ),
        kind: ChartKind::Line,
        axis: visit.t("indicator-page-as-of"),
        places: days.iter().map(ToString::to_string).collect(),
        series: drawn,
        download: Some(format!("/indicators/{}/path.csv", indicator.id)),
    })
}

/// What the chart shows, as a sentence.
pub(super) fn finding(visit: &Visit, view: &IndicatorView) -> String {
    let name = Value::from(view.indicator.name.clone());
    let Some((value, as_of)) =
        view.evaluation.value.as_ref().and_then(|it| Some((it.quantity.clone()?, it.as_of)))
    else {
        return visit.t_with("indicator-page-finding-none", &[("name", name)]);
    };
    let difference = view
        .evaluation
        .expected
        .as_ref()
        .and_then(|it| it.to_unit(&value.unit).ok())
        .map(|expected| value.value - expected.value);
    let key = match difference {
        None => "indicator-page-finding-value",
        Some(it) if it.is_zero() => "indicator-page-finding-on",
        Some(it) if it.is_sign_negative() => "indicator-page-finding-below",
        Some(_) => "indicator-page-finding-above",
    };
    let apart = difference.map(|it| difference_words(visit, it.abs(), &value)).unwrap_or_default();
    visit.t_with(
        key,
        &[
            ("name", name),
            ("day", Value::from(visit.date(as_of))),
            ("value", Value::from(visit.quantity_text(&value))),
            ("difference", Value::from(apart)),
        ],
    )
}

/// How far two values are apart: two percents are apart by percentage points.
pub(super) fn difference_words(visit: &Visit, by: rust_decimal::Decimal, like: &Quantity) -> String {
    let unit = if like.unit == hutong_kernel::Unit::percent() {
        hutong_kernel::Unit::percentage_point()
    } else {
        like.unit.clone()
    };
    visit.quantity_text(&readable(&Quantity::new(by, unit)))
}

/// A computed figure with as many decimals as a reader can use; the exact one stands in the chart's table.
pub(super) fn readable(quantity: &Quantity) -> Quantity {
    let decimals = if rust_decimal::Decimal::ONE_HUNDRED <= quantity.value.abs() { 1 } else { 2 };
    Quantity::new(quantity.value.round_dp(decimals).normalize(), quantity.unit.clone())
}

/// The chart's figures as a table for spreadsheets.
pub(super) fn csv(chart: &Chart) -> Csv {
    let mut csv = Csv::new(std::iter::once(&chart.axis).chain(chart.series.iter().map(|it| &it.label)));
    for (index, place) in chart.places.iter().enumerate() {
        let values =
            chart.series.iter().map(|it| it.values.get(index).cloned().flatten().unwrap_or_default());
        csv.row(std::iter::once(place.clone()).chain(values));
    }
    csv
}
