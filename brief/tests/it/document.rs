//! The document, unpacked.

use std::io::{Cursor, Read as _};

use brief::docx;
use quick_xml::{Reader, events::Event};

use crate::samples;

/// A part of the package.
pub fn part(bytes: &[u8], name: &str) -> String {
    let mut package = zip::ZipArchive::new(Cursor::new(bytes)).expect("a package");
    let mut text = String::new();
    package.by_name(name).expect(name).read_to_string(&mut text).expect("UTF-8");
    text
}

/// All text of a part, one line for each paragraph. Fails where it is not well-formed.
pub fn text(xml: &str) -> String {
    let mut reader = Reader::from_str(xml);
    let mut text = String::new();
    loop {
        match reader.read_event().expect("well-formed") {
            Event::Text(part) => text.push_str(&part),
            Event::GeneralRef(name) => {
                let known = [("lt", "<"), ("gt", ">"), ("amp", "&"), ("quot", "\""), ("apos", "'")];
                text.push_str(
                    known.iter().find(|(entity, _)| *entity == &*name).expect("a known entity").1,
                );
            }
            Event::End(tag) if tag.name().as_ref() == "w:p" => text.push('\n'),
            Event::Eof => return text,
            _ => {}
        }
    }
}

#[test]
fn every_part_is_well_formed() {
    for brief in [samples::shuozhou(), samples::county()] {
        let bytes = docx::write(&brief).expect("a document");
        let mut package = zip::ZipArchive::new(Cursor::new(&bytes)).expect("a package");
        let names: Vec<String> =
            package.file_names().map(|name| name.expect("a name").into_owned()).collect();
        let names: Vec<String> = names
            .into_iter()
            .filter(|name| name.ends_with("xml") || name.ends_with("rels"))
            .collect();
        assert!(names.len() > 8);
        for name in names {
            let mut xml = String::new();
            package.by_name(&name).expect("a part").read_to_string(&mut xml).expect("UTF-8");
            text(&xml);
        }
    }
}

#[test]
fn the_document_has_a_title_a_navigation_page_numbers_and_repeated_headings() {
    let bytes = docx::write(&samples::shuozhou()).expect("a document");
    let document = part(&bytes, "word/document.xml");
    assert_eq!(document.matches("w:val=\"Heading1\"").count(), 15);
    assert_eq!(document.matches("<w:tbl>").count(), document.matches("<w:tblHeader />").count());
    assert!(document.contains("<w:pgSz w:w=\"11906\" w:h=\"16838\""));
    // As wide as said, whatever stands in the cells: the layout stands where Word looks for it.
    let tables = document.matches("<w:tbl>").count();
    assert_eq!(
        document.matches("</w:tblBorders><w:tblLayout w:type=\"fixed\" /><w:tblCellMar>").count(),
        tables
    );
    assert_eq!(document.matches("<w:tblLayout").count(), tables);
    let styles = part(&bytes, "word/styles.xml");
    assert!(styles.contains("w:default=\"1\" w:styleId=\"Normal\""));
    for said in [
        "w:name w:val=\"heading 1\"",
        "<w:outlineLvl w:val=\"0\"",
        "w:eastAsia=\"黑体\"",
        "w:eastAsia=\"仿宋\"",
        "w:lang w:val=\"zh-CN\"",
    ] {
        assert!(styles.contains(said), "{said}");
    }
    assert!(part(&bytes, "word/footer1.xml").contains("PAGE"));
    assert!(
        part(&bytes, "docProps/core.xml")
            .contains("<dc:title>朔州市2024年度工伤预防联席会议材料</dc:title>")
    );
}

#[test]
fn the_document_says_what_the_page_says() {
    let brief = samples::shuozhou();
    let said = text(&part(&docx::write(&brief).expect("a document"), "word/document.xml"));
    for line in &brief.headlines {
        assert!(said.contains(&line.reason) && said.contains(&line.actual), "{line:?}");
    }
    for text in [
        "√ 达标",
        "× 未达标",
        "○ 不判定",
        "≈ 只报数",
        "线索，不是结论",
        "9f2c4be15d0c",
        "平鲁某某煤业有限公司",
        "面对面",
    ] {
        assert!(said.contains(text), "{text}");
    }
    let county =
        text(&part(&docx::write(&samples::county()).expect("a document"), "word/document.xml"));
    for text in [
        "缺或不公布",
        "不公布",
        "未报送",
        "会议尚未召集。",
        "没有逾期未整改的隐患记录。",
        "数据未定稿",
    ] {
        assert!(county.contains(text), "{text}");
    }
}

#[test]
fn the_same_content_gives_the_same_document() {
    let brief = samples::shuozhou();
    let first = docx::write(&brief).expect("a document");
    docx::write(&samples::county()).expect("another in between");
    assert!(first == docx::write(&brief).expect("a document"));
    let elsewhere = std::thread::spawn(move || docx::write(&brief).expect("a document"))
        .join()
        .expect("a thread");
    assert!(first == elsewhere);
}
