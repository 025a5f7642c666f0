//! A line over the years against the stair of its targets. A year without a figure is a gap that
//! says so, and not a zero.

use plotters::{
    chart::{ChartBuilder, ChartContext},
    coord::cartesian::Cartesian2d,
    element::{Circle, EmptyElement, PathElement, Text},
    prelude::{DashedLineSeries, SVGBackend, WHITE},
    style::{
        Color as _, ShapeStyle,
        text_anchor::{HPos, VPos},
    },
};

use crate::{
    chart::{
        ACTUAL, AXIS, Area, Chart, DrawResult, GRID, INK, TARGET,
        scale::{self, Axis},
        shapes, text,
    },
    content::{Point, Trend},
    tables::trends::{at_least, bound, times, title, value},
};

const WIDTH: u32 = 380;
const HEIGHT: u32 = 230;
/// How near two labels may come, in pixels.
const APART: f64 = 15.0;

type Plot<'a, 'b> = ChartContext<'a, SVGBackend<'b>, Cartesian2d<Axis, Axis>>;

/// The picture; none where there is neither a figure nor a target.
pub(crate) fn chart(trend: &Trend, absent: &str) -> Option<Chart> {
    let actual = heights(&trend.points, trend);
    let target = heights(&trend.stair, trend);
    if actual.iter().chain(&target).all(|mark| mark.height.is_none()) {
        return None;
    }
    let shapes = shapes(WIDTH, HEIGHT, |area| draw(area, trend, (&actual, &target), absent))?;
    Some(Chart {
        width: WIDTH,
        height: HEIGHT,
        name: title(trend),
        text: in_words(trend, absent),
        shapes,
    })
}

/// A year with its height, where there is one.
struct YearPoint {
    year: f64,
    height: Option<f64>,
    label: String,
    provisional: bool,
    /// What is said in place of a value that is not defined.
    instead: Option<String>,
}

fn heights(points: &[Point], trend: &Trend) -> Vec<YearPoint> {
    let mark = |point: &Point| {
        let label = value(point, trend);
        let height = point.numerator.filter(|_| label.is_some());
        YearPoint {
            year: f64::from(point.year),
            height: height
                .map(|number| number as f64 * times(trend) as f64 / point.denominator as f64),
            label: label.unwrap_or_default(),
            provisional: point.provisional,
            instead: point.instead.clone(),
        }
    };
    points.iter().map(mark).collect()
}

fn draw(
    area: &Area<'_>,
    trend: &Trend,
    (actual, target): (&[YearPoint], &[YearPoint]),
    absent: &str,
) -> DrawResult {
    let years: Vec<f64> = actual.iter().chain(target).map(|mark| mark.year).collect();
    let (first, last) = years
        .iter()
        .fold((f64::MAX, f64::MIN), |(low, high), year| (low.min(*year), high.max(*year)));
    let all = actual.iter().chain(target).filter_map(|mark| mark.height);
    let most = all.fold(0.0_f64, f64::max);
    let ticks = scale::ticks(most, trend.unit != "%" && trend.unit != "‰");
    let top = ticks.last().copied().unwrap_or(1.0);
    let mut chart = ChartBuilder::on(area)
        .margin_top(30)
        .margin_right(46)
        .margin_bottom(4)
        .x_label_area_size(24)
        .y_label_area_size(42)
        .build_cartesian_2d(
            Axis { range: first - 0.5..last + 0.5, ticks: shown(&years) },
            Axis { range: 0.0..top, ticks },
        )?;
    chart
        .configure_mesh()
        .disable_x_mesh()
        .light_line_style(WHITE.mix(0.0))
        .bold_line_style(GRID)
        .axis_style(AXIS)
        .x_label_style(text(12.0, INK, HPos::Center, VPos::Top))
        .y_label_style(text(12.0, INK, HPos::Right, VPos::Center))
        .x_label_formatter(&|year| format!("{year:.0}"))
        .y_label_formatter(&|height| format!("{height}"))
        .draw()?;
    stair(&mut chart, target)?;
    line(&mut chart, actual)?;
    gaps(&mut chart, actual, absent)?;
    labels(&mut chart, trend, (actual, target), top)
}

/// The years that are named: all of them, or every second, third, … where there are many.
fn shown(years: &[f64]) -> Vec<f64> {
    let mut shown = years.to_vec();
    shown.sort_by(f64::total_cmp);
    shown.dedup();
    let every = shown.len().div_ceil(8).max(1);
    shown.into_iter().step_by(every).collect()
}

/// The targets: a level for each year, joined where years follow each other, dashed.
fn stair(chart: &mut Plot<'_, '_>, target: &[YearPoint]) -> DrawResult {
    for run in runs(target) {
        let path: Vec<(f64, f64)> = run
            .iter()
            .flat_map(|(year, height)| [(year - 0.5, *height), (year + 0.5, *height)])
            .collect();
        chart.draw_series(DashedLineSeries::new(
            path,
            6,
            4,
            ShapeStyle::from(TARGET).stroke_width(2),
        ))?;
    }
    Ok(())
}

/// The figures: joined where years follow each other; filled where final, hollow where not.
fn line(chart: &mut Plot<'_, '_>, actual: &[YearPoint]) -> DrawResult {
    for run in runs(actual) {
        if run.len() > 1 {
            chart.draw_series([PathElement::new(run, ShapeStyle::from(ACTUAL).stroke_width(2))])?;
        }
    }
    for mark in actual {
        let Some(height) = mark.height else { continue };
        let at = (mark.year, height);
        let fill = if mark.provisional { WHITE.filled() } else { ACTUAL.filled() };
        chart.draw_series([Circle::new(at, 4, fill)])?;
        chart.draw_series([Circle::new(at, 4, ShapeStyle::from(ACTUAL).stroke_width(2))])?;
    }
    Ok(())
}

/// Marks of consecutive years that all have a height.
fn runs(marks: &[YearPoint]) -> Vec<Vec<(f64, f64)>> {
    let mut runs: Vec<Vec<(f64, f64)>> = Vec::new();
    for mark in marks {
        let Some(height) = mark.height else { continue };
        match runs
            .last_mut()
            .filter(|run| run.last().is_some_and(|(year, _)| mark.year - year < 1.5))
        {
            Some(run) => run.push((mark.year, height)),
            None => runs.push(vec![(mark.year, height)]),
        }
    }
    runs
}

/// What is said where a figure is not there; only its first letter, for there is little room. A
/// value that is not defined is no gap in what was handed in.
fn gaps(chart: &mut Plot<'_, '_>, actual: &[YearPoint], absent: &str) -> DrawResult {
    let said: String = absent.chars().take(1).collect();
    for mark in actual.iter().filter(|mark| mark.height.is_none()) {
        let style = text(12.0, AXIS, HPos::Center, VPos::Bottom);
        let said = if mark.instead.is_some() { "—".to_owned() } else { said.clone() };
        chart
            .draw_series([EmptyElement::at((mark.year, 0.0)) + Text::new(said, (0, -4), style)])?;
    }
    Ok(())
}

/// A number beside each figure, on the side away from its target, and the last target at the end of
/// the stair.
fn labels(
    chart: &mut Plot<'_, '_>,
    trend: &Trend,
    (actual, target): (&[YearPoint], &[YearPoint]),
    top: f64,
) -> DrawResult {
    let pixel = top / f64::from(HEIGHT - 30 - 4 - 24);
    for mark in actual {
        let Some(height) = mark.height else { continue };
        let goal = target.iter().find(|goal| goal.year == mark.year).and_then(|goal| goal.height);
        let low_room = height > pixel * 24.0;
        let down =
            goal.is_some_and(|goal| goal >= height && goal - height < pixel * 26.0) && low_room;
        let (offset, anchor) = if down { (8, VPos::Top) } else { (-8, VPos::Bottom) };
        let style = text(12.0, ACTUAL, HPos::Center, anchor);
        chart.draw_series([EmptyElement::at((mark.year, height))
            + Text::new(mark.label.clone(), (0, offset), style)])?;
    }
    let last = target.iter().rev().find_map(|mark| Some((mark.year, mark.height?, &mark.label)));
    if let Some((year, height, label)) = last {
        let end = text(12.0, TARGET, HPos::Left, VPos::Center);
        let sign = if at_least(trend) { "≥" } else { "≤" };
        let at = EmptyElement::at((year + 0.5, height.max(pixel * APART * 0.5)));
        chart.draw_series([at + Text::new(format!("{sign}{label}"), (4, 0), end)])?;
    }
    Ok(())
}

/// The picture in words: every year with its figure and its target.
fn in_words(trend: &Trend, absent: &str) -> String {
    let mut years: Vec<i32> =
        trend.points.iter().chain(&trend.stair).map(|point| point.year).collect();
    years.sort_unstable();
    years.dedup();
    let unit = &trend.unit;
    let parts = years.into_iter().map(|year| {
        let of = |points: &[Point]| points.iter().find(|point| point.year == year).cloned();
        let (point, goal) = (of(&trend.points), of(&trend.stair));
        let figure = match &point {
            Some(point) => match value(point, trend) {
                Some(text) => {
                    format!("{text}{unit}{}", if point.provisional { "（未定稿）" } else { "" })
                }
                None => point.instead.clone().unwrap_or_else(|| absent.to_owned()),
            },
            None => "没有实际数".to_owned(),
        };
        match goal.and_then(|goal| value(&goal, trend)) {
            Some(goal) => format!("{year}年{figure}，目标{}{goal}{unit}", bound(trend)),
            None => format!("{year}年{figure}"),
        }
    });
    format!("{}。", parts.collect::<Vec<_>>().join("；"))
}
