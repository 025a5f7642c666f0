//! Lying bars under each other, this year filled and last year hollow: for things with long names.

use plotters::{
    chart::ChartBuilder,
    element::{EmptyElement, Rectangle, Text},
    prelude::WHITE,
    style::{
        Color as _, ShapeStyle,
        text_anchor::{HPos, VPos},
    },
};

use crate::{
    chart::{
        ACTUAL, AXIS, Area, Chart, DrawResult, GRID, INK,
        scale::{self, Axis},
        shapes, short, text,
    },
    content::Tally,
    words,
};

const WIDTH: u32 = 480;
const ROW: u32 = 42;
/// How many things are drawn; the table has all of them.
const MOST: usize = 14;

/// The picture; none where nothing is known.
pub(crate) fn chart(tallies: &[Tally], unit: &str, year: i32) -> Option<Chart> {
    let known = |tally: &&Tally| tally.count.or(tally.last_year).is_some();
    let drawn: Vec<&Tally> = tallies.iter().filter(known).take(MOST).collect();
    if drawn.is_empty() {
        return None;
    }
    let height = ROW * u32::try_from(drawn.len()).ok()? + 62;
    let shapes = shapes(WIDTH, height, |area| draw(area, &drawn, year))?;
    let name = format!("{year}年与{}年对比", year - 1);
    Some(Chart { width: WIDTH, height, name, text: in_words(tallies, unit, year), shapes })
}

fn draw(area: &Area<'_>, tallies: &[&Tally], year: i32) -> DrawResult {
    let most = tallies
        .iter()
        .flat_map(|tally| [tally.count, tally.last_year])
        .flatten()
        .max()
        .unwrap_or(0)
        .max(0);
    let ticks = scale::ticks(most as f64, true);
    let right = ticks.last().copied().unwrap_or(1.0);
    let rows = tallies.len() as f64;
    let lines: Vec<f64> = (0..tallies.len()).map(|at| at as f64 + 0.5).collect();
    let label = |at: &f64| {
        tallies
            .get(*at as usize)
            .map_or_else(String::new, |tally| short(words::label(&tally.item), 8))
    };
    let mut chart = ChartBuilder::on(area)
        .margin_top(32)
        .margin_right(44)
        .margin_bottom(4)
        .x_label_area_size(24)
        .y_label_area_size(112)
        .build_cartesian_2d(
            Axis { range: 0.0..right, ticks },
            Axis { range: rows..0.0, ticks: lines },
        )?;
    chart
        .configure_mesh()
        .disable_y_mesh()
        .light_line_style(WHITE.mix(0.0))
        .bold_line_style(GRID)
        .axis_style(AXIS)
        .x_label_style(text(13.0, INK, HPos::Center, VPos::Top))
        .y_label_style(text(13.0, INK, HPos::Right, VPos::Center))
        .x_label_formatter(&|height| format!("{height}"))
        .y_label_formatter(&label)
        .draw()?;
    for (at, tally) in (0_u32..).map(f64::from).zip(tallies) {
        for (count, top, bottom, full) in
            [(tally.count, 0.14, 0.5, true), (tally.last_year, 0.54, 0.86, false)]
        {
            let style = text(13.0, if full { ACTUAL } else { INK }, HPos::Left, VPos::Center);
            let Some(count) = count else {
                let start = EmptyElement::at((0.0, at + (top + bottom) / 2.0));
                chart.draw_series([start + Text::new(words::WITHHELD, (6, 0), style)])?;
                continue;
            };
            let length = (count.max(0)) as f64;
            let bar = [(0.0, at + top), (length, at + bottom)];
            if full {
                chart.draw_series([Rectangle::new(bar, ACTUAL.filled())])?;
            } else {
                chart
                    .draw_series([Rectangle::new(bar, ShapeStyle::from(ACTUAL).stroke_width(1))])?;
            }
            let middle = EmptyElement::at((length, at + (top + bottom) / 2.0));
            chart.draw_series([middle + Text::new(words::count(count), (6, 0), style)])?;
        }
    }
    key(area, 112, year)
}

/// What filled and hollow mean, at the top.
pub(crate) fn key(area: &Area<'_>, left: i32, year: i32) -> DrawResult {
    let style = || text(13.0, INK, HPos::Left, VPos::Center);
    area.draw(&Rectangle::new([(left, 6), (left + 22, 18)], ACTUAL.filled()))?;
    area.draw(&Text::new(format!("{year}年"), (left + 28, 12), style()))?;
    area.draw(&Rectangle::new(
        [(left + 100, 6), (left + 122, 18)],
        ShapeStyle::from(ACTUAL).stroke_width(1),
    ))?;
    area.draw(&Text::new(format!("{}年", year - 1), (left + 128, 12), style()))
}

/// The picture in words.
pub(crate) fn in_words(tallies: &[Tally], unit: &str, year: i32) -> String {
    let said = |count: Option<i64>| {
        count.map_or_else(
            || words::WITHHELD.to_owned(),
            |count| format!("{}{unit}", words::count(count)),
        )
    };
    let parts = tallies.iter().map(|tally| {
        format!(
            "{}：{year}年{}，{}年{}",
            words::label(&tally.item),
            said(tally.count),
            year - 1,
            said(tally.last_year)
        )
    });
    format!("{}。", parts.collect::<Vec<_>>().join("；"))
}
