//! A sheet that is ready to be printed, with cells of proper types.

use chrono::{DateTime, Datelike as _, NaiveDate, Timelike as _, Utc};
use rust_xlsxwriter::{
    ExcelDateTime, Format, FormatAlign, FormatBorder, Formula, Workbook, Worksheet, XlsxError,
};

use crate::words;

/// Greatest length of a text in characters; Excel allows 32,767.
const MOST: usize = 32_000;

/// A sheet with its formats, and its headings in the first row.
pub(crate) struct Sheet<'a> {
    pub page: &'a mut Worksheet,
    /// Widths of the columns in Chinese characters.
    widths: Vec<u8>,
    /// The row written last, and the number of lines that its longest text takes.
    tall: (u32, usize),
}

/// The number format of a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shown {
    Whole,
    Yuan,
    Percent,
    PerMille,
    Decimal,
}

impl Shown {
    const fn code(self) -> &'static str {
        match self {
            Self::Whole => "#,##0",
            Self::Yuan => "#,##0.00",
            Self::Percent => "0.0%",
            Self::PerMille => "0.0\"‰\"",
            Self::Decimal => "0.0##",
        }
    }
}

impl<'a> Sheet<'a> {
    /// Creates a sheet with a name, headings and column widths in Chinese characters: A4 landscape,
    /// one page wide, headings on every page.
    pub(crate) fn new(
        book: &'a mut Workbook,
        title: &str,
        name: &str,
        columns: &[(String, u8)],
    ) -> Result<Self, XlsxError> {
        let page = book.add_worksheet();
        page.set_name(name)?;
        page.set_landscape();
        page.set_paper_size(9);
        page.set_print_fit_to_pages(1, 0);
        page.set_margins(0.5, 0.5, 0.7, 0.6, 0.3, 0.3);
        page.set_repeat_rows(0, 0)?;
        page.set_freeze_panes(1, 1)?;
        let short: String = title.chars().take(80).collect();
        page.set_header(format!("&C{}  {name}", short.replace('&', "&&")));
        page.set_footer("&C第 &P 页，共 &N 页");
        let head = plain()
            .set_text_wrap()
            .set_bold()
            .set_background_color(0x00F6_F4F0)
            .set_border_bottom(FormatBorder::Medium);
        let widths: Vec<u8> = columns.iter().map(|(_, width)| *width).collect();
        let mut sheet = Self { page, widths, tall: (0, 1) };
        for (index, (title, width)) in (0..).zip(columns) {
            sheet.make_room(0, index, title)?;
            let page = &mut sheet.page;
            page.set_column_width(index, f64::from(*width) * 2.0 + 1.5)?;
            page.write_string_with_format(0, index, cut(title), &safe(head.clone(), title))?;
        }
        Ok(sheet)
    }

    /// Makes a row high enough for a text, because not every program does so when it opens the
    /// workbook.
    fn make_room(&mut self, row: u32, column: u16, text: &str) -> Result<(), XlsxError> {
        let width =
            usize::from(self.widths.get(usize::from(column)).copied().unwrap_or(50)).max(1) * 2;
        let wide = |line: &str| {
            line.chars().map(|letter| if letter.is_ascii() { 1 } else { 2 }).sum::<usize>()
        };
        let lines = text.split('\n').map(|line| wide(line).div_ceil(width).max(1)).sum::<usize>();
        let most = if self.tall.0 == row { self.tall.1.max(lines) } else { lines };
        if most > 1 {
            // Excel's rows are 409 points at most.
            self.page.set_row_height(row, (most as f64 * 15.0 + 2.0).min(409.0))?;
        }
        self.tall = (row, most);
        Ok(())
    }

    /// Writes a text; it is never taken for a formula.
    pub(crate) fn text(&mut self, row: u32, column: u16, text: &str) -> Result<(), XlsxError> {
        self.make_room(row, column, text)?;
        self.page
            .write_string_with_format(row, column, cut(text), &safe(plain().set_text_wrap(), text))
            .map(drop)
    }

    /// Writes the text shown for a missing value.
    pub(crate) fn absent(&mut self, row: u32, column: u16, said: &str) -> Result<(), XlsxError> {
        let form = plain().set_font_color(0x0056_5C62).set_align(FormatAlign::Right);
        self.page.write_string_with_format(row, column, said, &form).map(drop)
    }

    /// Writes a number that is already formatted.
    pub(crate) fn printed(&mut self, row: u32, column: u16, text: &str) -> Result<(), XlsxError> {
        self.make_room(row, column, text)?;
        let form = safe(plain().set_text_wrap().set_align(FormatAlign::Right), text);
        self.page.write_string_with_format(row, column, cut(text), &form).map(drop)
    }

    /// Writes an empty cell with a border: a chart draws no point for it.
    pub(crate) fn blank(&mut self, row: u32, column: u16) -> Result<(), XlsxError> {
        self.page.write_blank(row, column, &plain()).map(drop)
    }

    /// Writes a number in the given number format.
    pub(crate) fn number(
        &mut self,
        row: u32,
        column: u16,
        number: f64,
        shown: Shown,
    ) -> Result<(), XlsxError> {
        self.page
            .write_number_with_format(row, column, number, &plain().set_num_format(shown.code()))
            .map(drop)
    }

    /// Writes a calendar year.
    pub(crate) fn year(&mut self, row: u32, column: u16, year: i32) -> Result<(), XlsxError> {
        self.page
            .write_number_with_format(row, column, f64::from(year), &plain().set_num_format("0"))
            .map(drop)
    }

    /// Writes a number, or the given text if it is missing.
    pub(crate) fn count(
        &mut self,
        row: u32,
        column: u16,
        count: Option<i64>,
        said: &str,
    ) -> Result<(), XlsxError> {
        match count {
            Some(count) => self.number(row, column, count as f64, Shown::Whole),
            None => self.absent(row, column, said),
        }
    }

    /// Writes a formula with its result; a dash if it has none, because some programs show a stored
    /// empty text as zero.
    pub(crate) fn formula(
        &mut self,
        (row, column): (u32, u16),
        formula: &str,
        result: Option<f64>,
        shown: Shown,
    ) -> Result<(), XlsxError> {
        let formula = Formula::new(formula)
            .set_result(result.map_or_else(|| words::NONE.to_owned(), |result| result.to_string()));
        let form = plain()
            .set_num_format(shown.code())
            .set_font_color(0x0014_406B)
            .set_align(FormatAlign::Right);
        self.page.write_formula_with_format(row, column, formula, &form).map(drop)
    }

    /// Writes a day; as a text if Excel cannot represent it.
    pub(crate) fn day(&mut self, row: u32, column: u16, day: NaiveDate) -> Result<(), XlsxError> {
        match serial(day) {
            Some(at) => {
                let form = plain().set_num_format("yyyy-mm-dd").set_align(FormatAlign::Left);
                self.page.write_datetime_with_format(row, column, &at, &form).map(drop)
            }
            None => self.text(row, column, &words::day(day)),
        }
    }

    /// Writes an instant in Asia/Shanghai, to the minute.
    pub(crate) fn moment(
        &mut self,
        row: u32,
        column: u16,
        at: DateTime<Utc>,
    ) -> Result<(), XlsxError> {
        let local = words::local(at);
        let (hour, minute) =
            (u16::try_from(local.hour()).unwrap_or(0), u8::try_from(local.minute()).unwrap_or(0));
        match serial(local.date_naive()).and_then(|day| day.and_hms(hour, minute, 0).ok()) {
            Some(at) => {
                let form = plain().set_num_format("yyyy-mm-dd hh:mm").set_align(FormatAlign::Left);
                self.page.write_datetime_with_format(row, column, &at, &form).map(drop)
            }
            None => self.text(row, column, &words::moment(at)),
        }
    }

    /// Writes the text shown for a sheet without rows.
    pub(crate) fn empty(&mut self, said: &str) -> Result<(), XlsxError> {
        self.page.write_string(1, 0, said).map(drop)
    }

    /// Writes a sentence across all columns.
    pub(crate) fn sentence(&mut self, row: u32, text: &str) -> Result<(), XlsxError> {
        let right = u16::try_from(self.widths.len()).unwrap_or(1).saturating_sub(1);
        if right == 0 {
            return self.text(row, 0, text);
        }
        self.page.merge_range(
            row,
            0,
            row,
            right,
            &cut(text),
            &safe(plain().set_text_wrap(), text),
        )?;
        let lines = text
            .chars()
            .count()
            .div_ceil(self.widths.iter().map(|width| usize::from(*width)).sum::<usize>().max(1));
        self.page.set_row_height(row, (lines.max(1) as f64 * 15.0 + 2.0).min(409.0)).map(drop)
    }

    /// Adds filters to the headings.
    pub(crate) fn filtered(&mut self, rows: usize, columns: usize) -> Result<(), XlsxError> {
        let (Ok(last), Ok(right)) = (u32::try_from(rows), u16::try_from(columns)) else {
            return Ok(());
        };
        if last == 0 || right == 0 {
            return Ok(());
        }
        self.page.autofilter(0, 0, last, right - 1).map(drop)
    }
}

/// The letter of a column.
pub(crate) fn letter(column: u16) -> String {
    rust_xlsxwriter::utility::column_number_to_name(column)
}

fn plain() -> Format {
    Format::new()
        .set_font_name("宋体")
        .set_font_size(11)
        .set_align(FormatAlign::Top)
        .set_border(FormatBorder::Thin)
        .set_border_color(0x00C9_C6C0)
}

/// The format with the quote prefix, which keeps a text a text when it is edited.
fn safe(form: Format, text: &str) -> Format {
    if text.starts_with(['=', '+', '-', '@']) { form.set_quote_prefix() } else { form }
}

fn cut(text: &str) -> String {
    if text.len() <= MOST {
        text.to_owned()
    } else {
        text.chars().take(MOST / 2 - 1).chain(['…']).collect()
    }
}

fn serial(day: NaiveDate) -> Option<ExcelDateTime> {
    let year = u16::try_from(day.year()).ok().filter(|year| *year > 1900)?;
    ExcelDateTime::from_ymd(year, u8::try_from(day.month()).ok()?, u8::try_from(day.day()).ok()?)
        .ok()
}
