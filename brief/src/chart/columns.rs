//! Standing columns side by side, this year filled and last year hollow: for classes that have an
//! order.

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
        ACTUAL, AXIS, Area, Chart, DrawResult, GRID, INK, bars,
        scale::{self, Axis},
        shapes, short, text,
    },
    content::Tally,
    words,
};

const WIDTH: u32 = 480;
const HEIGHT: u32 = 270;

/// The picture; none where nothing is known.
pub(crate) fn chart(tallies: &[Tally], unit: &str, year: i32) -> Option<Chart> {
    if tallies.iter().all(|tally| tally.count.or(tally.last_year).is_none()) {
        return None;
    }
    let shapes = shapes(WIDTH, HEIGHT, |area| draw(area, tallies, year))?;
    let name = format!("{year}年与{}年对比", year - 1);
    Some(Chart {
        width: WIDTH,
        height: HEIGHT,
        name,
        text: bars::in_words(tallies, unit, year),
        shapes,
    })
}

fn draw(area: &Area<'_>, tallies: &[Tally], year: i32) -> DrawResult {
    let most = tallies
        .iter()
        .flat_map(|tally| [tally.count, tally.last_year])
        .flatten()
        .max()
        .unwrap_or(0)
        .max(0);
    let ticks = scale::ticks(most as f64, true);
    let top = ticks.last().copied().unwrap_or(1.0);
    let classes = tallies.len() as f64;
    let middles: Vec<f64> = (0..tallies.len()).map(|at| at as f64 + 0.5).collect();
    let room = (420 / tallies.len().max(1) / 13).clamp(2, 9);
    let label = |at: &f64| {
        tallies
            .get(*at as usize)
            .map_or_else(String::new, |tally| short(words::label(&tally.item), room))
    };
    let mut chart = ChartBuilder::on(area)
        .margin_top(44)
        .margin_right(20)
        .margin_bottom(4)
        .x_label_area_size(28)
        .y_label_area_size(40)
        .build_cartesian_2d(
            Axis { range: 0.0..classes, ticks: middles },
            Axis { range: 0.0..top, ticks },
        )?;
    chart
        .configure_mesh()
        .disable_x_mesh()
        .light_line_style(WHITE.mix(0.0))
        .bold_line_style(GRID)
        .axis_style(AXIS)
        .x_label_style(text(13.0, INK, HPos::Center, VPos::Top))
        .y_label_style(text(13.0, INK, HPos::Right, VPos::Center))
        .x_label_formatter(&label)
        .y_label_formatter(&|height| format!("{height}"))
        .draw()?;
    for (at, tally) in (0_u32..).map(f64::from).zip(tallies) {
        for (count, left, right, full) in
            [(tally.count, 0.2, 0.48, true), (tally.last_year, 0.52, 0.8, false)]
        {
            let style = text(13.0, if full { ACTUAL } else { INK }, HPos::Center, VPos::Bottom);
            let Some(count) = count else {
                let foot = EmptyElement::at((at + (left + right) / 2.0, 0.0));
                chart.draw_series([foot + Text::new(words::WITHHELD, (0, -4), style)])?;
                continue;
            };
            let height = count.max(0) as f64;
            let column = [(at + left, height), (at + right, 0.0)];
            if full {
                chart.draw_series([Rectangle::new(column, ACTUAL.filled())])?;
            } else {
                chart.draw_series([Rectangle::new(
                    column,
                    ShapeStyle::from(ACTUAL).stroke_width(1),
                )])?;
            }
            let above = EmptyElement::at((at + (left + right) / 2.0, height));
            chart.draw_series([above + Text::new(words::count(count), (0, -4), style)])?;
        }
    }
    bars::key(area, 40, year)
}
