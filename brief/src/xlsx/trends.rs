//! Values over the years, one row for each year, and a sheet of line charts over those rows. A year
//! without a figure has no value at all, because a chart would draw an empty text as zero.

use rust_xlsxwriter::{
    Chart, ChartEmptyCells, ChartLine, ChartLineDashType, ChartMarker, ChartMarkerType, ChartType,
    Workbook, XlsxError,
};

use crate::{
    content::{Brief, Point, Trend},
    section::Section,
    tables::trends::{bound, times, title},
    words,
    xlsx::sheet::{Sheet, Shown},
};

const COLUMNS: [(&str, u8); 13] = [
    ("指标", 9),
    ("行业", 6),
    ("单位", 2),
    ("年份", 3),
    ("分子", 5),
    ("分母", 5),
    ("数值（公式）", 4),
    ("数据状态", 4),
    ("目标分子", 5),
    ("目标分母", 5),
    ("目标值（公式）", 5),
    ("要求", 4),
    ("数值减目标（公式）", 6),
];
const NAME: &str = "年度趋势";

/// The rows and their charts.
pub(crate) fn write(book: &mut Workbook, heading: &str, brief: &Brief) -> Result<(), XlsxError> {
    let columns = COLUMNS.map(|(title, width)| (title.to_owned(), width));
    let mut sheet = Sheet::new(book, heading, NAME, &columns)?;
    if brief.trends.is_empty() {
        return sheet.empty(Section::Trends.empty());
    }
    let mut row = 1;
    let mut charts = Vec::new();
    for trend in &brief.trends {
        let first = row;
        for year in years(trend) {
            line(&mut sheet, row, trend, year, words::absent(brief.head.protected))?;
            row += 1;
        }
        if row > first {
            charts.push((trend, first, row - 1));
        }
    }
    sheet.filtered(row as usize - 1, COLUMNS.len())?;
    pictures(book, heading, &charts)
}

fn years(trend: &Trend) -> Vec<i32> {
    let mut years: Vec<i32> =
        trend.points.iter().chain(&trend.stair).map(|point| point.year).collect();
    years.sort_unstable();
    years.dedup();
    years
}

fn line(
    sheet: &mut Sheet<'_>,
    row: u32,
    trend: &Trend,
    year: i32,
    absent: &str,
) -> Result<(), XlsxError> {
    let of = |points: &[Point]| points.iter().find(|point| point.year == year).cloned();
    let (point, goal) = (of(&trend.points), of(&trend.stair));
    let (times, shown) = match times(trend) {
        100 => ("", Shown::Percent),
        1000 => ("*1000", Shown::PerMille),
        _ => ("", Shown::Decimal),
    };
    let (excel, factor) = (row + 1, if times.is_empty() { 1.0 } else { 1000.0 });
    sheet.text(row, 0, words::label(&trend.measure))?;
    sheet.text(row, 1, words::industry(trend.industry.as_ref()))?;
    sheet.text(row, 2, &trend.unit)?;
    for column in 3..13 {
        sheet.blank(row, column)?;
    }
    sheet.year(row, 3, year)?;
    let put = |sheet: &mut Sheet<'_>, column: u16, point: &Point| -> Result<bool, XlsxError> {
        let Some(numerator) = point.numerator.filter(|_| point.denominator > 0) else {
            sheet.absent(row, column, point.instead.as_deref().unwrap_or(absent))?;
            return Ok(false);
        };
        sheet.number(row, column, numerator as f64, Shown::Whole)?;
        sheet.number(row, column + 1, point.denominator as f64, Shown::Whole)?;
        let formula = format!(
            "={0}{excel}/{1}{excel}{times}",
            super::sheet::letter(column),
            super::sheet::letter(column + 1)
        );
        let at = (row, if column == 4 { 6 } else { 10 });
        sheet.formula(
            at,
            &formula,
            Some(numerator as f64 / point.denominator as f64 * factor),
            shown,
        )?;
        Ok(true)
    };
    let known = point.as_ref().map(|point| put(sheet, 4, point)).transpose()?.unwrap_or(false);
    let state = match &point {
        Some(point) if known && point.provisional => "未定稿",
        Some(_) if known => "定稿",
        Some(point) => point.instead.as_deref().unwrap_or(absent),
        None => words::NONE,
    };
    sheet.text(row, 7, state)?;
    let aimed = goal.as_ref().map(|goal| put(sheet, 8, goal)).transpose()?.unwrap_or(false);
    if aimed {
        sheet.text(row, 11, bound(trend))?;
    }
    if let (true, true, Some(point), Some(goal)) = (known, aimed, &point, &goal) {
        let value =
            |point: &Point| point.numerator.unwrap_or(0) as f64 / point.denominator as f64 * factor;
        sheet.formula(
            (row, 12),
            &format!("=G{excel}-K{excel}"),
            Some(value(point) - value(goal)),
            shown,
        )?;
    }
    Ok(())
}

/// Line charts, three beside each other.
fn pictures(
    book: &mut Workbook,
    heading: &str,
    charts: &[(&Trend, u32, u32)],
) -> Result<(), XlsxError> {
    let sheet = Sheet::new(book, heading, "走势图", &[])?;
    for (at, (trend, first, last)) in (0_u32..).zip(charts) {
        let mut chart = Chart::new(ChartType::Line);
        let name: String = title(trend).chars().take(60).collect();
        chart.title().set_name(&name);
        chart.set_alt_text(format!(
            "{name}：实际与目标，数据见工作表“{NAME}”第{}至{}行",
            first + 1,
            last + 1
        ));
        chart.set_width(440).set_height(260);
        chart.show_empty_cells_as(ChartEmptyCells::Gaps);
        chart.y_axis().set_min(0).set_major_gridlines_line(ChartLine::new().set_color(0x00D9_DCE0));
        chart.y_axis().set_num_format(if trend.unit == "%" { "0%" } else { "General" });
        chart.legend().set_position(rust_xlsxwriter::ChartLegendPosition::Bottom);
        let marker = |kind| {
            let mut marker = ChartMarker::new();
            marker.set_type(kind).set_size(7);
            marker
        };
        let years = (NAME, *first, 3, *last, 3);
        chart
            .add_series()
            .set_name("实际")
            .set_categories(years)
            .set_values((NAME, *first, 6, *last, 6))
            .set_format(ChartLine::new().set_color(0x0014_406B).set_width(2.0))
            .set_marker(&marker(ChartMarkerType::Circle));
        chart
            .add_series()
            .set_name("目标")
            .set_categories(years)
            .set_values((NAME, *first, 10, *last, 10))
            .set_format(
                ChartLine::new()
                    .set_color(0x00A4_161A)
                    .set_width(2.0)
                    .set_dash_type(ChartLineDashType::Dash),
            )
            .set_marker(&marker(ChartMarkerType::Square));
        let column = u16::try_from(at % 3).unwrap_or(0) * 7;
        sheet.page.insert_chart(at / 3 * 14, column, &chart)?;
    }
    Ok(())
}
