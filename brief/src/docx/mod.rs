//! The document: the materials as a clerk would lay them out in Word — headings that make a
//! navigation, tables whose headings are repeated on every page, A4, page numbers. Pictures are
//! tables here: Word shows SVG only beside a bitmap of the same, and every picture of the page is
//! drawn from a table.

mod parts;
mod styles;
mod table;

use std::io::Cursor;

use docx_rs::{Docx, Footer, PageMargin, PageNum, Paragraph, Run};

use crate::{WriteError, clean, content::Brief, head, section::Section};

/// The document's bytes. The same content gives the same bytes.
///
/// # Errors
///
/// [`WriteError`] when the document cannot be packed.
pub fn write(brief: &Brief) -> Result<Vec<u8>, WriteError> {
    let brief = clean::brief(brief);
    let (first, second) = head::title(&brief.head);
    let taken = brief.head.taken_at.format("%Y-%m-%dT%H:%M:%SZ").to_string();
    let mut docx = styles::all(Docx::new())
        .page_size(11_906, 16_838)
        .page_margin(PageMargin {
            top: 1440,
            bottom: 1300,
            left: 1304,
            right: 1304,
            header: 850,
            footer: 850,
            gutter: 0,
        })
        .footer(footer())
        .created_at(&taken)
        .updated_at(&taken)
        .add_paragraph(styled("Title", &format!("{first}{second}")));
    for block in parts::opening(&brief)
        .into_iter()
        .chain(Section::ALL.into_iter().flat_map(|section| parts::section(section, &brief)))
    {
        docx = match block {
            Block::Paragraph(paragraph) => docx.add_paragraph(*paragraph),
            Block::Table(table) => docx.add_table(*table),
        };
    }
    pack(docx, &format!("{first}{second}"))
}

/// What a document is made of.
pub(crate) enum Block {
    Paragraph(Box<Paragraph>),
    Table(Box<docx_rs::Table>),
}

/// A paragraph in a style.
pub(crate) fn styled(style: &str, text: &str) -> Paragraph {
    Paragraph::new().style(style).add_run(Run::new().add_text(text))
}

fn footer() -> Footer {
    let dash = |text: &str| Run::new().add_text(text);
    Footer::new().add_paragraph(
        Paragraph::new()
            .style("Footer")
            .add_run(dash("— "))
            .add_page_num(PageNum::new())
            .add_run(dash(" —")),
    )
}

/// Packs the parts, and says in them what docx-rs has no words for: which rows are headings, the
/// title, the language.
fn pack(docx: Docx, title: &str) -> Result<Vec<u8>, WriteError> {
    let mut parts = docx.build();
    // The empty run properties stand before the style, where the schema has them after it; they say
    // nothing.
    let document = text(parts.document)?.replace("<w:pPr><w:rPr />", "<w:pPr>");
    parts.document = table::repeat_headings(table::in_order(&document)).into_bytes();
    parts.doc_props.core = styles::name(&text(parts.doc_props.core)?, title).into_bytes();
    parts.styles = styles::in_chinese(&text(parts.styles)?).into_bytes();
    let mut bytes = Cursor::new(Vec::new());
    parts.pack(&mut bytes).map_err(|error| WriteError(error.to_string()))?;
    Ok(bytes.into_inner())
}

fn text(bytes: Vec<u8>) -> Result<String, WriteError> {
    String::from_utf8(bytes).map_err(|error| WriteError(error.to_string()))
}
