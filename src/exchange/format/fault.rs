//! What can be wrong with a file as a whole, and with one of its rows. Values of cells never enter a message, they can be
//! personal; headings do, because people have to find them.

use std::io;

use crate::{
    error::{HubError, Text},
    import::{error::ImportError, problem::Fault},
    submit::verdict::Remark,
};

/// Why a file cannot be used.
#[derive(Debug)]
pub enum FileFault {
    /// Its source could not be read; no fault of the sender.
    Source(io::Error),
    /// An encoding the hub does not read.
    Charset {
        /// Its name.
        given: String,
    },
    /// UTF-16, which spreadsheets write as "Unicode text".
    Utf16,
    /// There is no heading row.
    HeaderMissing,
    /// The heading row is no text in the encoding, or its quotes are broken.
    HeaderUnreadable,
    /// A heading that is no field of the family.
    HeadingUnknown {
        /// The heading.
        heading: String,
        /// The known one that is written most alike.
        nearest: String,
    },
    /// A heading of a field that the hub computes.
    HeadingDerived {
        /// The heading.
        heading: String,
    },
    /// Two headings of one field.
    HeadingTwice {
        /// The second one.
        heading: String,
    },
    /// Required fields without a column.
    ColumnsMissing {
        /// Their labels.
        labels: Vec<&'static str>,
    },
    /// More columns than are read.
    TooManyColumns {
        /// Most columns.
        most: usize,
    },
    /// Not a workbook, or a damaged one.
    NotAWorkbook,
    /// The old binary format, or protected by a password: both are kept in the same container.
    OldOrProtected,
    /// A workbook larger than is read.
    WorkbookTooLarge {
        /// Most MiB.
        most: u64,
    },
    /// A workbook that grows beyond measure when it is unpacked.
    Inflated,
    /// No sheet has headings of the family.
    SheetMissing,
    /// Behind some row the sheet is damaged.
    SheetDamaged {
        /// The last row that could be read.
        row: u64,
    },
}

impl FileFault {
    /// Stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Source(_) => "FILE_SOURCE",
            Self::Charset { .. } => "FILE_CHARSET",
            Self::Utf16 => "FILE_UTF16",
            Self::HeaderMissing => "FILE_HEADER_MISSING",
            Self::HeaderUnreadable => "FILE_HEADER_UNREADABLE",
            Self::HeadingUnknown { .. } => "FILE_HEADING_UNKNOWN",
            Self::HeadingDerived { .. } => "FILE_HEADING_DERIVED",
            Self::HeadingTwice { .. } => "FILE_HEADING_TWICE",
            Self::ColumnsMissing { .. } => "FILE_COLUMNS_MISSING",
            Self::TooManyColumns { .. } => "FILE_TOO_MANY_COLUMNS",
            Self::NotAWorkbook => "FILE_NOT_A_WORKBOOK",
            Self::OldOrProtected => "FILE_OLD_OR_PROTECTED",
            Self::WorkbookTooLarge { .. } => "FILE_TOO_LARGE",
            Self::Inflated => "FILE_INFLATED",
            Self::SheetMissing => "FILE_SHEET_MISSING",
            Self::SheetDamaged { .. } => "FILE_SHEET_DAMAGED",
        }
    }

    /// What is wrong and what to do.
    #[must_use]
    pub fn text(&self) -> Text {
        let (zh, en) = match self {
            Self::Source(_) => ("文件内容暂时无法读取，请稍后重试。".into(), "The content cannot be read now. Try again.".into()),
            Self::Charset { given } => (
                format!("不支持编码“{given}”。NDJSON 请用 UTF-8，CSV 请用 UTF-8 或 GB18030（GBK）。"),
                format!("Encoding {given} is not read. Use UTF-8 for NDJSON, UTF-8 or GB18030 (GBK) for CSV."),
            ),
            Self::Utf16 => (
                "文件是 UTF-16（“Unicode 文本”）。请另存为“CSV UTF-8”或 xlsx 后重新上传。".into(),
                "The file is UTF-16 (“Unicode text”). Save it as “CSV UTF-8” or xlsx and send it again.".into(),
            ),
            Self::HeaderMissing => (
                "文件没有表头。第一行请写字段名或模板中的列名。".into(),
                "The file has no heading row. Write field names or the headings of the template in the first row.".into(),
            ),
            Self::HeaderUnreadable => (
                "表头无法读取。请核对文件编码（UTF-8 或 GB18030）和引号。".into(),
                "The heading row cannot be read. Check the encoding (UTF-8 or GB18030) and the quotes.".into(),
            ),
            Self::HeadingUnknown { heading, nearest } => (
                format!("没有名为“{heading}”的列。最接近的是“{nearest}”。请改正或删除该列。"),
                format!("There is no column “{heading}”. The nearest is “{nearest}”. Mend the heading or remove the column."),
            ),
            Self::HeadingDerived { heading } => (
                format!("列“{heading}”由平台计算，不能报送。请删除该列。"),
                format!("Column “{heading}” is computed by the hub. Remove it."),
            ),
            Self::HeadingTwice { heading } => (
                format!("列“{heading}”出现了两次（同一字段）。请只保留一列。"),
                format!("Column “{heading}” stands twice (the same field). Keep one of them."),
            ),
            Self::ColumnsMissing { labels } => (
                format!("缺少必填的列：{}。请按模板补上。", labels.join("、")),
                format!("Required columns are missing: {}. Add them as in the template.", labels.join(", ")),
            ),
            Self::TooManyColumns { most } => (
                format!("表头超过 {most} 列。请删除多余的列。"),
                format!("The heading row has more than {most} columns. Remove what does not belong there."),
            ),
            Self::NotAWorkbook => (
                "文件不是 Excel 工作簿（xlsx）或已损坏。请用 Excel 或 WPS 打开后另存为 xlsx。".into(),
                "The file is no Excel workbook (xlsx) or is damaged. Open it in Excel or WPS and save it as xlsx.".into(),
            ),
            Self::OldOrProtected => (
                "文件是旧版 xls，或设有密码。请取消密码并另存为 xlsx。".into(),
                "The file is an old xls or has a password. Take the password off and save it as xlsx.".into(),
            ),
            Self::WorkbookTooLarge { most } => (
                format!("工作簿超过 {most} MiB。请拆成几个文件，或改用 CSV。"),
                format!("The workbook is larger than {most} MiB. Split it, or send CSV."),
            ),
            Self::Inflated => (
                "工作簿解压后过大。请复制所需的行到新的模板中，或改用 CSV。".into(),
                "The workbook is too large when unpacked. Copy the rows into a fresh template, or send CSV.".into(),
            ),
            Self::SheetMissing => (
                "工作簿中没有可识别的表头。请用模板，数据放在“数据”工作表，第一行为表头。".into(),
                "No sheet has headings that are known. Use the template: sheet “数据”, headings in the first row.".into(),
            ),
            Self::SheetDamaged { row } => (
                format!("工作表在第 {row} 行之后损坏。请用 Excel 或 WPS 打开后另存为 xlsx。"),
                format!("The sheet is damaged behind row {row}. Open it in Excel or WPS and save it as xlsx."),
            ),
        };
        Text { zh, en }
    }
}

impl From<FileFault> for HubError {
    fn from(fault: FileFault) -> Self {
        let text = fault.text();
        match fault {
            // A source that fetches from the store hands on what the store says.
            FileFault::Source(error) => match error.downcast::<Self>() {
                Ok(own) => own,
                Err(other) => Self::internal(other),
            },
            _ => Self::Invalid(text),
        }
    }
}

impl From<io::Error> for FileFault {
    fn from(error: io::Error) -> Self {
        Self::Source(error)
    }
}

impl From<ImportError> for FileFault {
    fn from(error: ImportError) -> Self {
        match error {
            ImportError::Io(error) => Self::Source(error),
            ImportError::Utf16 => Self::Utf16,
            ImportError::HeaderMissing => Self::HeaderMissing,
            ImportError::HeaderUnreadable => Self::HeaderUnreadable,
            other => Self::Source(io::Error::other(other)),
        }
    }
}

/// Why a row cannot be taken as it stands.
pub(super) enum RowFault {
    /// What `import` finds in lines and records.
    Raw(Fault),
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
    /// A date where a text or a number belongs; Excel makes dates of numbers such as `3-5`.
    DateForText { field: &'static str },
    /// Code and name in one cell do not belong together.
    CodeAndName { field: &'static str },
    /// A name that several codes have.
    NameOfSeveral { field: &'static str },
}

impl RowFault {
    pub(super) fn remark(self) -> Remark {
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
        };
        Remark::new(code, field, Text { zh, en })
    }
}
