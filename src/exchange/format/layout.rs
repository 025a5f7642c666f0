//! The sheet 数据 as people fill it in: headings with notes, widths, formats, drop-down lists and
//! limits. The template and the workbook of verdicts share it, so that a corrected workbook is a
//! filled-in template.

use chrono::NaiveDate;
use entity::catalogue::{Family, Field, Kind};
use rust_xlsxwriter::{
    Color, DataValidation, DataValidationErrorStyle, DataValidationRule, DocProperties,
    ExcelDateTime, Format, FormatAlign, FormatBorder, Note, Workbook, Worksheet, XlsxError,
};

use super::{codes::table_of, heading, lists::CodeLists};

/// Last row of a sheet of Excel.
const LAST_ROW: u32 = 1_048_575;

/// Appearance of cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CellStyle {
    /// A value without any remark.
    Plain,
    /// A value that caused the rejection of its row.
    Bad,
    /// A value with a finding: somebody should check it.
    Noted,
    /// A value of the example row.
    Example,
}

/// The formats of one column, by appearance.
pub struct Formats([Format; 4]);

impl Formats {
    pub fn new(kind: Kind) -> Self {
        let plain = Format::new().set_num_format(number_format(kind)).set_align(FormatAlign::Top);
        let plain = if kind == Kind::Text { plain.set_text_wrap() } else { plain };
        Self([
            plain.clone(),
            plain
                .clone()
                .set_background_color(Color::RGB(0x00FF_C7CE))
                .set_font_color(Color::RGB(0x009C_0006)),
            plain.clone().set_background_color(Color::RGB(0x00FF_EB9C)),
            plain.set_font_color(Color::Gray).set_italic(),
        ])
    }

    pub const fn of(&self, look: CellStyle) -> &Format {
        let [plain, bad, noted, example] = &self.0;
        match look {
            CellStyle::Plain => plain,
            CellStyle::Bad => bad,
            CellStyle::Noted => noted,
            CellStyle::Example => example,
        }
    }
}

/// Texts and codes as text, so that no digit is lost; days and instants as such.
const fn number_format(kind: Kind) -> &'static str {
    match kind {
        Kind::Text | Kind::Bool | Kind::Code(_) | Kind::Codes(_) => "@",
        Kind::Int => "0",
        Kind::Money => "0.00",
        Kind::Date => "yyyy-mm-dd",
        Kind::DateTime => "yyyy-mm-dd hh:mm:ss",
    }
}

/// The fields of the columns: the key first, then the others as declared.
pub fn fields(family: &'static Family) -> impl Iterator<Item = &'static Field> {
    let key = family.key_field();
    let others = family.inputs().filter(move |field| key.is_none_or(|key| key.name != field.name));
    key.into_iter().chain(others)
}

/// Width of a column in characters.
fn width(field: &Field) -> f64 {
    let heading: f64 =
        heading::written(field).chars().map(|c| if c.is_ascii() { 1.0 } else { 2.0 }).sum();
    let content: f64 = match field.kind {
        Kind::Text if field.max >= 1000 => 50.0,
        Kind::Text if field.max > 60 => 26.0,
        Kind::DateTime => 20.0,
        Kind::Text | Kind::Code(_) | Kind::Codes(_) => 22.0,
        _ => 12.0,
    };
    content.max(heading + 2.0)
}

/// Gives a column its heading, note, width, format and limits.
pub fn column(
    sheet: &mut Worksheet,
    place: u16,
    field: &'static Field,
    lists: &CodeLists,
) -> Result<(), XlsxError> {
    sheet.write_string_with_format(0, place, heading::written(field), &head(field.required))?;
    sheet.insert_note(
        0,
        place,
        &Note::new(note(field, lists)).add_author_prefix(false).set_width(320).set_height(160),
    )?;
    sheet.set_column_width(place, width(field))?;
    sheet.set_column_format(place, Formats::new(field.kind).of(CellStyle::Plain))?;
    sheet.add_data_validation(1, place, LAST_ROW, place, &validation(field, lists)?)?;
    Ok(())
}

/// The format of a heading; required fields stand out.
pub fn head(required: bool) -> Format {
    let colour = if required { Color::RGB(0x00F8_CBAD) } else { Color::RGB(0x00DD_EBF7) };
    Format::new()
        .set_bold()
        .set_background_color(colour)
        .set_border(FormatBorder::Thin)
        .set_align(FormatAlign::VerticalCenter)
}

/// How a value of the field is written.
pub fn form(field: &Field, lists: &CodeLists) -> String {
    let list = || table_of(field).and_then(|table| lists.of(table)).is_some_and(|list| list.whole);
    match field.kind {
        Kind::Text => format!("文本，最多 {} 个字符", field.max),
        Kind::Int => "整数，不小于 0".to_owned(),
        Kind::Money => "金额，单位元，最多两位小数".to_owned(),
        Kind::Bool => "是 或 否".to_owned(),
        Kind::Date => "日期，如 2024-03-05".to_owned(),
        Kind::DateTime => "日期和时间（北京时间），如 2024-03-05 09:30".to_owned(),
        Kind::Code(_) if list() => "从下拉列表选择".to_owned(),
        Kind::Code(_) => "从下拉列表选择，或填写列表之外的有效代码（如旧版代码）".to_owned(),
        Kind::Codes(_) => "一个或多个代码，用 | 隔开".to_owned(),
    }
}

fn note(field: &Field, lists: &CodeLists) -> String {
    let need = if field.required { "必填" } else { "选填" };
    let unit = field.unit.map(|unit| format!("\n单位：{unit}")).unwrap_or_default();
    format!(
        "{}\n{need}；{}{unit}\n字段名：{}\n分级：{}",
        field.zh,
        form(field, lists),
        field.name,
        field.class.label()
    )
}

fn validation(field: &'static Field, lists: &CodeLists) -> Result<DataValidation, XlsxError> {
    let from = ExcelDateTime::from_ymd(1900, 1, 1)?;
    let new = DataValidation::new();
    let most = u32::try_from(field.max).unwrap_or(u32::MAX);
    let (rule, strict) = match field.kind {
        Kind::Text => (new.allow_text_length(DataValidationRule::LessThanOrEqualTo(most)), true),
        Kind::Int => (new.allow_whole_number(DataValidationRule::Between(0, i32::MAX)), true),
        Kind::Money => {
            (new.allow_decimal_number(DataValidationRule::GreaterThanOrEqualTo(0.0)), true)
        }
        Kind::Bool => (new.allow_list_strings(&["是", "否"])?, true),
        // Dates written as text are read too, so other writings only warn.
        Kind::Date | Kind::DateTime => {
            (new.allow_date(DataValidationRule::GreaterThanOrEqualTo(&from)), false)
        }
        Kind::Code(table) | Kind::Codes(table) => match lists.of(table) {
            Some(list) => (
                new.allow_list_formula(list.place()),
                list.whole && matches!(field.kind, Kind::Code(_)),
            ),
            None => (new.allow_any_value(), false),
        },
    };
    let style =
        if strict { DataValidationErrorStyle::Stop } else { DataValidationErrorStyle::Warning };
    let message = format!("“{}”应为：{}。", field.label, form(field, lists));
    rule.set_error_style(style).set_error_title("请核对填写内容")?.set_error_message(message)
}

/// A new workbook whose creation date is the day it is for: the same bytes on every call of one
/// day.
pub fn book(family: &'static Family, today: NaiveDate) -> Result<Workbook, XlsxError> {
    let made = ExcelDateTime::parse_from_str(&today.to_string())?;
    let mut book = Workbook::new();
    book.set_properties(&DocProperties::new().set_title(family.label).set_creation_datetime(&made));
    Ok(book)
}
