//! What the figures rest on, and how the sheets are to be read.

use rust_xlsxwriter::{Workbook, XlsxError};

use crate::{content::Brief, head, tables::leads::WARNING, words, xlsx::sheet::Sheet};

const READING: [&str; 3] = [
    "蓝字单元格是公式，由左侧两个数算出；“打印值”为平台按精确分数计算后四舍五入到一位小数的结果。",
    "结论由平台按精确分数判定，不按四舍五入后的数判定。",
    "写有“缺”“未报送”“不公布”的单元格不是零，公式不把它们计算在内。",
];

/// One row for each sentence.
pub(crate) fn write(book: &mut Workbook, title: &str, brief: &Brief) -> Result<(), XlsxError> {
    let mut sheet =
        Sheet::new(book, title, "说明", &[("项目".to_owned(), 10), ("内容".to_owned(), 50)])?;
    let mut rows: Vec<(&str, String)> = vec![("材料", title.to_owned())];
    rows.extend(head::facts(brief));
    if let Some(digest) = &brief.head.digest {
        rows.push(("材料摘要（SHA-256）", digest.clone()));
    }
    rows.extend(head::notices(brief).into_iter().map(|notice| ("注意", notice.to_owned())));
    rows.extend(crate::head::basis(&brief.head).into_iter().map(|sentence| ("口径", sentence)));
    if brief.head.basis.is_empty() {
        rows.push(("口径", crate::section::Section::Basis.empty().to_owned()));
    }
    rows.push(("线索", WARNING.to_owned()));
    rows.extend(brief.hazards_note.iter().map(|note| ("隐患", note.clone())));
    rows.extend(brief.employers_note.iter().map(|note| ("走访单位", note.clone())));
    rows.extend(READING.map(|sentence| ("读法", sentence.to_owned())));
    if let Some(meeting) = &brief.meeting {
        rows.push(("会议", meeting.title.clone()));
        rows.push((
            "会议时间",
            meeting.held_at.map_or_else(|| "待定".to_owned(), words::long_moment),
        ));
        rows.extend(meeting.parts.iter().map(|part| {
            let signed = part.signed_at.map_or_else(
                || "未签认，按缺列示".to_owned(),
                |at| format!("{} 签认", words::moment(at)),
            );
            ("部门签认", format!("{}：{signed}", words::label(&part.department)))
        }));
    }
    for (row, (name, value)) in (1..).zip(&rows) {
        sheet.text(row, 0, name)?;
        sheet.text(row, 1, value)?;
    }
    Ok(())
}
