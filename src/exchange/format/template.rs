//! The workbook that people fill in: the sheet 数据 with headings, lists and an example, the sheet 说明
//! with one line per field, and the hidden sheet 代码 that holds the lists.

use chrono::NaiveDate;
use entity::catalogue::{Family, Field, Kind, Mask};
use rust_xlsxwriter::{Color, Format, FormatAlign, Workbook, XlsxError};
use serde_json::Value;

use super::{
    body::EXAMPLE_KEY,
    codes::table_of,
    heading,
    layout::{self, CellStyle, Formats},
    lists::CodeLists,
    workbook::DATA,
    written,
};
use crate::{
    domain::{credit_code, identity, region::RegionCode},
    error::HubError,
    store::reference::Reference,
};

/// The template of a family, with the codes valid on a day. With a region, its list offers the
/// regions inside it. Every call of one day gives the same bytes.
///
/// # Errors
/// [`HubError::Internal`] when the workbook cannot be written.
pub fn template(
    family: &'static Family,
    reference: &Reference,
    region: Option<&RegionCode>,
    today: NaiveDate,
) -> Result<Vec<u8>, HubError> {
    write(family, reference, region, today).map_err(HubError::internal)
}

fn write(
    family: &'static Family,
    reference: &Reference,
    region: Option<&RegionCode>,
    today: NaiveDate,
) -> Result<Vec<u8>, XlsxError> {
    let lists = CodeLists::new(family, reference, region, today);
    let mut book = layout::book(family, today)?;
    let sheet = book.add_worksheet().set_name(DATA)?;
    sheet.set_freeze_panes(1, 1)?;
    sheet.set_row_height(0, 24)?;
    for (place, field) in (0..).zip(layout::fields(family)) {
        layout::column(sheet, place, field, &lists)?;
        let formats = Formats::new(field.kind);
        let example = Value::String(example(family, field, &lists, today));
        written::value(
            sheet,
            (1, place),
            field,
            &example,
            formats.of(CellStyle::Example),
            reference,
        )?;
    }
    explain(&mut book, family, reference, &lists)?;
    lists.write(&mut book)?;
    book.save_to_buffer()
}

/// A value that shows how the field is filled in. Persons and employers in it cannot exist; days
/// are chosen so that the codes of the lists are valid.
fn example(
    family: &'static Family,
    field: &'static Field,
    lists: &CodeLists,
    today: NaiveDate,
) -> String {
    let born = NaiveDate::from_ymd_opt(1901, 1, 1).unwrap_or_default();
    let first = |table: &str, last: bool| {
        let codes = lists.of(table).map(|list| list.codes.as_slice()).unwrap_or_default();
        if last { codes.last() } else { codes.first() }.cloned().unwrap_or_default()
    };
    if family.key_field().is_some_and(|key| key.name == field.name) {
        return EXAMPLE_KEY.to_owned();
    }
    match field.kind {
        Kind::Text if field.key.is_some() => {
            identity::compose("110101", born, 1).unwrap_or_default()
        }
        Kind::Text if field.column.ends_with("uscc") => {
            credit_code::compose('9', '1', "110101", "XY000000").unwrap_or_default()
        }
        Kind::Text if field.mask == Mask::Name => "王小明".to_owned(),
        Kind::Text if field.mask == Mask::LastFour => "12012345678".to_owned(),
        Kind::Text => "示例".to_owned(),
        Kind::Int => "1".to_owned(),
        Kind::Money => "1234.50".to_owned(),
        Kind::Bool => "否".to_owned(),
        Kind::Date => today.to_string(),
        Kind::DateTime => format!("{today} 09:30:00"),
        Kind::Code("industry") => "0610".to_owned(),
        Kind::Code("key_industry") => "COAL_MINE".to_owned(),
        Kind::Code(table) => first(table, table == "region"),
        Kind::Codes(table) => format!("{}|{}", first(table, false), first(table, true)),
    }
}

/// Writes the sheet 说明: one line per field, with its form and whether it is required.
fn explain(
    book: &mut Workbook,
    family: &'static Family,
    reference: &Reference,
    lists: &CodeLists,
) -> Result<(), XlsxError> {
    let steps = [
        format!("{}报送模板。{}", family.label, family.zh),
        "一、在“数据”工作表中每行填一条记录。第一行是列名，请勿改动；橙色带 * 的列必填。".to_owned(),
        "二、灰色的示例行不会报送，可以保留，也可以删除。".to_owned(),
        "三、有下拉列表的列可选择“代码 名称”，也可只填代码，或只填没有歧义的名称。多个代码用 | 隔开。".to_owned(),
        "四、证件号码、信用代码、编号等列已设为文本。从别处复制时请选“只粘贴值”，以免 Excel 改动长号码。".to_owned(),
        "五、也可直接报送本单位的台账：标题、填报单位、序号、备注、空行、合计行不必删去，列名与下表相同即可。".to_owned(),
        "六、填好后保存，交本单位的报送人员上传。被退回的行会放在同样的表里，红格是错处，“问题”列写明原因；改正后保存，整份再报。"
            .to_owned(),
    ];
    let sheet = book.add_worksheet().set_name("说明")?;
    let wrap = Format::new().set_text_wrap().set_align(FormatAlign::Top);
    for (row, step) in (0..).zip(&steps) {
        let format =
            if row == 0 { Format::new().set_bold().set_font_size(14) } else { Format::new() };
        sheet.write_string_with_format(row, 0, step, &format)?;
    }
    let titles = [
        ("列名", 30),
        ("字段名", 26),
        ("必填", 8),
        ("格式", 36),
        ("代码表", 24),
        ("分级", 14),
        ("说明", 60),
    ];
    let top = u32::try_from(steps.len()).unwrap_or_default() + 1;
    for (place, (title, width)) in (0..).zip(titles) {
        sheet.write_string_with_format(top, place, title, &layout::head(false))?;
        sheet.set_column_width(place, width)?;
    }
    for (row, field) in (top + 1..).zip(layout::fields(family)) {
        let table = table_of(field).and_then(|table| reference.table(table));
        let texts = [
            heading::written(field),
            field.name.to_owned(),
            if field.required { "是" } else { "否" }.to_owned(),
            layout::form(field, lists),
            table.map(|table| table.name_zh.clone()).unwrap_or_default(),
            field.class.label().to_owned(),
            format!("{} {}", field.zh, field.en),
        ];
        for (place, text) in (0..).zip(texts) {
            sheet.write_string_with_format(row, place, text, &wrap)?;
        }
    }
    sheet.set_tab_color(Color::Gray);
    Ok(())
}
