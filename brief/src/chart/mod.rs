//! Charts as SVG, drawn with plotters. Colour is never the only sign: targets are dashed, last year
//! and figures that are not final are hollow, and every value stands beside its mark, so that a
//! black-and-white print shows the same.

pub(crate) mod bars;
pub(crate) mod columns;
pub(crate) mod lines;
mod scale;

use plotters::prelude::{IntoDrawingArea as _, RGBColor, SVGBackend};
use plotters::style::{
    Color as _, FontDesc, FontFamily, FontStyle, TextStyle,
    text_anchor::{HPos, Pos, VPos},
};

/// A chart without its frame.
pub(crate) struct Chart {
    pub width: u32,
    pub height: u32,
    /// What it shows, as its accessible name.
    pub name: String,
    /// The same in words, with the numbers, for readers who do not see the chart.
    pub text: String,
    /// SVG markup of the drawing, without the `<svg>` element around it.
    pub shapes: String,
}

const INK: RGBColor = RGBColor(0x26, 0x2b, 0x30);
const ACTUAL: RGBColor = RGBColor(0x14, 0x40, 0x6b);
const TARGET: RGBColor = RGBColor(0xa4, 0x16, 0x1a);
const GRID: RGBColor = RGBColor(0xd9, 0xdc, 0xe0);
const AXIS: RGBColor = RGBColor(0x6b, 0x72, 0x78);

type Area<'a> = plotters::drawing::DrawingArea<SVGBackend<'a>, plotters::coord::Shift>;
type DrawResult = Result<(), plotters::drawing::DrawingAreaErrorKind<std::io::Error>>;

/// Draws the shapes, without the `<svg>` element around them; `None` if the drawing failed.
fn shapes(width: u32, height: u32, draw: impl FnOnce(&Area<'_>) -> DrawResult) -> Option<String> {
    let mut text = String::new();
    {
        let area = SVGBackend::with_string(&mut text, (width, height)).into_drawing_area();
        draw(&area).ok()?;
        area.present().ok()?;
    }
    let inner = text.split_once('>')?.1.rsplit_once("</svg>")?.0;
    Some(inner.trim().to_owned())
}

/// Text style of a size and colour, with the anchor point of the text.
fn text(size: f64, colour: RGBColor, across: HPos, down: VPos) -> TextStyle<'static> {
    let font = FontDesc::new(FontFamily::SansSerif, size * 1.24, FontStyle::Normal);
    TextStyle {
        color: colour.to_backend_color(),
        ..TextStyle::from(font).pos(Pos::new(across, down))
    }
}

/// Shortens a label to at most `most` Chinese characters.
fn short(label: &str, most: usize) -> String {
    let width = |letter: char| if letter.is_ascii() { 1 } else { 2 };
    if label.chars().map(width).sum::<usize>() <= most * 2 {
        return label.to_owned();
    }
    let mut left = most * 2 - 2;
    let kept: String = label
        .chars()
        .take_while(|letter| {
            let fits = width(*letter) <= left;
            left = left.saturating_sub(width(*letter));
            fits
        })
        .collect();
    format!("{kept}…")
}
