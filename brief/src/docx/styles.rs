//! The styles, with the typefaces Word has for Chinese: 黑体 for headings, 仿宋 for text, 宋体 for
//! tables, in the sizes of official papers.

use docx_rs::{AlignmentType, Docx, LineSpacing, LineSpacingType, RunFonts, Style, StyleType};

/// Styles of the document and its tables.
pub(crate) fn all(docx: Docx) -> Docx {
    let style =
        |id: &str, name: &str| Style::new(id, StyleType::Paragraph).name(name).based_on("Normal");
    let heading = |level: usize| {
        style(&format!("Heading{level}"), &format!("heading {level}"))
            .next("Text")
            .outline_lvl(level - 1)
            .fonts(face("黑体"))
    };
    let exactly =
        |points: i32| LineSpacing::new().line_rule(LineSpacingType::Exact).line(points * 20);
    let table = |id: &str, name: &str, size: usize| style(id, name).size(size).fonts(face("宋体"));
    let tables =
        [("", "", 18), ("Small", "（小）", 16)].into_iter().flat_map(|(suffix, said, size)| {
            [
                table(&format!("TableText{suffix}"), &format!("表格文字{said}"), size),
                table(&format!("TableNumber{suffix}"), &format!("表格数字{said}"), size)
                    .align(AlignmentType::Right),
                table(&format!("TableHead{suffix}"), &format!("表格标题{said}"), size).bold(),
            ]
        });
    let docx = tables.fold(docx, Docx::add_style);
    docx.default_fonts(face("仿宋"))
        .default_size(28)
        .add_style(
            style("Title", "Title")
                .next("Text")
                .size(44)
                .bold()
                .color("A4161A")
                .align(AlignmentType::Center)
                .fonts(face("宋体"))
                .line_spacing(LineSpacing::new().after(120)),
        )
        .add_style(heading(1).size(32).line_spacing(LineSpacing::new().before(360).after(120)))
        .add_style(heading(2).size(28).line_spacing(LineSpacing::new().before(200).after(80)))
        .add_style(style("Text", "正文文字").line_spacing(exactly(26)))
        .add_style(
            style("Subtitle", "Subtitle")
                .align(AlignmentType::Center)
                .fonts(face("楷体"))
                .line_spacing(LineSpacing::new().after(200)),
        )
        .add_style(style("Notice", "提示").bold().fonts(face("楷体")).line_spacing(exactly(26)))
        .add_style(
            style("Caption", "caption")
                .size(21)
                .fonts(face("黑体"))
                .line_spacing(LineSpacing::new().before(160).after(60)),
        )
        .add_style(
            style("Remark", "注")
                .size(21)
                .fonts(face("楷体"))
                .line_spacing(LineSpacing::new().before(60)),
        )
        .add_style(
            style("Footer", "footer").size(21).align(AlignmentType::Center).fonts(face("宋体")),
        )
}

/// A typeface for Chinese, with Times New Roman for Latin letters and digits.
fn face(chinese: &str) -> RunFonts {
    RunFonts::new().east_asia(chinese).ascii("Times New Roman").hi_ansi("Times New Roman")
}

/// The core properties with the title and who made it.
pub(crate) fn name(core: &str, title: &str) -> String {
    let title = title.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let end = "</cp:coreProperties>";
    core.replace(">unknown<", ">联防<")
        .replace(end, &format!("<dc:language>zh-CN</dc:language><dc:title>{title}</dc:title>{end}"))
}

/// The styles with Chinese as their language, for the spelling checker and for reading aloud, and
/// with the one that is used where none is named.
pub(crate) fn in_chinese(styles: &str) -> String {
    let end = "</w:rPr></w:rPrDefault>";
    let normal = "w:type=\"paragraph\" w:styleId=\"Normal\"";
    let styles =
        styles.replacen(normal, "w:type=\"paragraph\" w:default=\"1\" w:styleId=\"Normal\"", 1);
    styles.replacen(end, &format!("<w:lang w:val=\"zh-CN\" w:eastAsia=\"zh-CN\" />{end}"), 1)
}
