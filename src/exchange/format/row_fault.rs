//! What can be wrong with a row before its values are judged.

use crate::{error::Text, import::problem::RowProblem, submit::verdict::RowRemark};

/// Why a row cannot be taken as it stands.
#[derive(Clone)]
pub(super) enum RowFault {
    /// What `import` finds in lines and records.
    Raw(RowProblem),
    /// No JSON object.
    Json { column: usize },
    /// A name twice in one object.
    KeyTwice { field: Option<&'static str> },
    /// A value inside a value.
    Nested { field: Option<&'static str> },
    /// Something below no heading.
    NoHeading,
    /// A number that Excel rounded, or wrote with an exponent.
    AteDigits { field: &'static str },
    /// A cell that shows an error such as `#N/A`.
    ErrorCell { field: &'static str },
    /// A bare number where a date belongs.
    NumberForDate { field: &'static str },
    /// A day of which the cell shows no more than month or year.
    DayNotShown { field: &'static str },
    /// Letters of a cell are raised like a footnote, or struck out.
    Marked { field: &'static str },
    /// A date where a text or a number belongs; Excel makes dates of numbers such as `3-5`.
    DateForText { field: &'static str },
    /// Code and name in one cell do not belong together.
    CodeAndName { field: &'static str },
    /// A name that several codes have.
    NameOfSeveral { field: &'static str },
    /// A formula whose value was never computed and kept.
    NotComputed { field: &'static str },
    /// One cell merged over the keys of several rows.
    KeyMerged { field: &'static str },
    /// One cell merged over counts or amounts of several rows.
    AmountMerged { field: &'static str },
    /// One cell merged over several columns.
    MergedAcross { field: &'static str },
    /// Two cells of one value that say something different.
    CellsDiffer { field: &'static str },
    /// 同上 or a sign for it.
    AsAbove { field: &'static str },
    /// A number in a column of which nobody says the unit, and people usually mean another than
    /// the field's.
    UnitUnstated { field: &'static str, unit: &'static str },
}

impl RowFault {
    pub(super) fn remark(self) -> RowRemark {
        let (code, field, zh, en): (&str, Option<&str>, String, String) = match self {
            Self::Raw(fault) => (fault.code(), None, format!("{}。", fault.zh()), fault.en() + "."),
            Self::Json { column } => (
                "JSON_INVALID",
                None,
                format!("不是完整的 JSON 对象（约第 {column} 个字节处）。每行应为一个对象，如 {{\"字段名\":值}}。"),
                format!("Not a whole JSON object (near byte {column}). Each line is one object: {{\"field\":value}}."),
            ),
            Self::KeyTwice { field } => (
                "KEY_TWICE",
                field,
                "同一对象中字段名出现了两次。请只保留一个。".into(),
                "A field name stands twice in the object. Keep one.".into(),
            ),
            Self::Nested { field } => (
                "NESTED_VALUE",
                field,
                "值不能是对象或列表（代码列表字段除外）。请写成单个值。".into(),
                "A value cannot be an object or a list (but for lists of codes). Give a single value.".into(),
            ),
            Self::NoHeading => (
                "CELL_WITHOUT_HEADING",
                None,
                "行中有内容位于没有列名的列。请补上列名或清除该内容。".into(),
                "The row has content in a column without a heading. Name the column or clear the cell.".into(),
            ),
            Self::AteDigits { field } => (
                "EXCEL_ATE_DIGITS",
                Some(field),
                "长号码被 Excel 当作数字，15 位之后的数位已丢失。请把该列设为“文本”格式后重新录入完整号码。".into(),
                "Excel took a long number for a quantity and lost the digits after the 15th. Format the column as text and enter the \
                 whole number again."
                    .into(),
            ),
            Self::ErrorCell { field } => (
                "EXCEL_ERROR_CELL",
                Some(field),
                "单元格是公式错误（如 #N/A）。请改为正确的值。".into(),
                "The cell shows a formula error (such as #N/A). Enter the right value.".into(),
            ),
            Self::NumberForDate { field } => (
                "EXCEL_NUMBER_FOR_DATE",
                Some(field),
                "单元格是数字，不是日期。请把格式设为日期，或写作 2024-03-05（时间写作 2024-03-05 09:30）。".into(),
                "The cell is a number, not a date. Format it as a date, or write 2024-03-05 (an instant: 2024-03-05 09:30).".into(),
            ),
            Self::DayNotShown { field } => (
                "EXCEL_DAY_NOT_SHOWN",
                Some(field),
                "单元格只显示年、月或只显示月、日，Excel 补上的“1 日”或年份未必是原意。请写全年月日，如 2024-03-05。".into(),
                "The cell shows no day, or no year; what Excel filled in need not be meant. Write the whole date, such as 2024-03-05.".into(),
            ),
            Self::Marked { field } => (
                "EXCEL_MARKED_TEXT",
                Some(field),
                "单元格中有上标、下标或删除线的文字，无法判断哪些是内容。请删去注号和划掉的文字；整行作废的，删去该行。".into(),
                "Letters of the cell are raised, lowered or struck out, and it is not clear what counts. Take footnote signs and struck letters out; delete a row that is void.".into(),
            ),
            Self::DateForText { field } => (
                "EXCEL_DATE_FOR_TEXT",
                Some(field),
                "内容已被 Excel 当作日期改动。请把该列设为“文本”格式后重新录入。".into(),
                "Excel has turned the content into a date. Format the column as text and enter it again.".into(),
            ),
            Self::CodeAndName { field } => (
                "CODE_NAME_DIFFER",
                Some(field),
                "代码与名称不一致。请从下拉列表中重新选择，或只填代码。".into(),
                "Code and name do not belong together. Choose from the list again, or give the code alone.".into(),
            ),
            Self::NameOfSeveral { field } => (
                "CODE_NAME_AMBIGUOUS",
                Some(field),
                "有多个代码使用这个名称。请填写代码。".into(),
                "Several codes have this name. Give the code.".into(),
            ),
            Self::NotComputed { field } => (
                "FORMULA_NOT_COMPUTED",
                Some(field),
                "单元格是公式，但文件中没有计算结果。请用 Excel 或 WPS 打开并保存，或改填数值。".into(),
                "The cell is a formula whose result is not in the file. Open and save it in Excel or WPS, or enter the value.".into(),
            ),
            Self::KeyMerged { field } => (
                "CELL_MERGED_KEY",
                Some(field),
                "编号是跨行合并的单元格，分不清哪一行是哪条记录。请取消合并，每行填自己的编号。".into(),
                "The number is one cell merged over several rows. Split it and give each row its own number.".into(),
            ),
            Self::AmountMerged { field } => (
                "CELL_MERGED_AMOUNT",
                Some(field),
                "数量或金额是跨行合并的单元格，分不清是每行各有这么多，还是合计这么多。请取消合并，每行填自己的数。".into(),
                "A number that is summed is one cell merged over several rows: it may be that of each or of all. Split it and give each row its own.".into(),
            ),
            Self::MergedAcross { field } => (
                "CELL_MERGED_ACROSS",
                Some(field),
                "单元格跨列合并，分不清属于哪一列。请取消合并，分别填写。".into(),
                "The cell is merged over several columns. Split it and fill each of them.".into(),
            ),
            Self::CellsDiffer { field } => (
                "CELLS_DIFFER",
                Some(field),
                "两列写的是同一内容，但互相不一致。请核对后改为一致，或只留一列。".into(),
                "Two columns say the same thing differently. Make them agree, or keep one.".into(),
            ),
            Self::AsAbove { field } => (
                "CELL_AS_ABOVE",
                Some(field),
                "单元格写的是“同上”一类的记号。请填写完整的内容。".into(),
                "The cell refers to the one above it. Write the content out.".into(),
            ),
            Self::UnitUnstated { field, unit } => (
                "UNIT_UNSTATED",
                Some(field),
                match unit {
                    "元" => "计量单位一栏为空或不能识别。请写元或万元。".to_owned(),
                    "年" => "计量单位是月，而本列以年计。请分填年、月，或写作 12年3个月。".to_owned(),
                    "1/10" => "没有注明单位，无法判断数值。请在列名或数值后写明单位，如 85.2dB(A)。".to_owned(),
                    "月" => "没有注明是年还是月。请在列名中写明（年）或（月），或写作 12年、8个月。".to_owned(),
                    "μg/m³" => "没有注明单位。请在列名中写明（mg/m³）或（μg/m³），或写在数值后面，如 8mg/m³。".to_owned(),
                    _ => "没有注明单位。请在列名中写明（%）或（‰），或写在数值后面，如 25%。".to_owned(),
                },
                "Nobody says the unit of this number. State it in the heading or behind the number, such as 8 mg/m³, 25% or 12年.".into(),
            ),
        };
        RowRemark::new(code, field, Text { zh, en })
    }
}
