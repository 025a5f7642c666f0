//! The content of the document, section by section.

use docx_rs::Run;

use crate::{
    content::{Brief, Meeting, Outcome},
    docx::{Block, styled, table},
    head,
    links::NoLinks,
    section::Section,
    table::Table,
    tables, words,
};

/// Below the title: the basis of the figures and what to know before reading.
pub(crate) fn opening(brief: &Brief) -> Vec<Block> {
    let mut blocks = vec![paragraph("Subtitle", words::label(&brief.head.plan))];
    blocks.extend(
        head::notices(brief)
            .into_iter()
            .map(|notice| paragraph("Notice", &format!("注意　{notice}"))),
    );
    blocks.extend(head::facts(brief).into_iter().map(|(name, value)| named(name, &value)));
    blocks
}

/// A section with its heading. An empty section says that it is empty.
pub(crate) fn section(section: Section, brief: &Brief) -> Vec<Block> {
    let (number, title) = section.title();
    let mut blocks = vec![Block::Paragraph(Box::new(
        styled("Heading1", &format!("{number}、{title}")).keep_next(true),
    ))];
    let body = body(section, brief);
    if body.is_empty() {
        blocks.push(paragraph("Text", section.empty()));
    }
    blocks.extend(body);
    if section == Section::Basis
        && let Some(digest) = &brief.head.digest
    {
        blocks.push(paragraph("Remark", &format!("材料摘要（SHA-256）：{digest}")));
    }
    blocks
}

fn body(section: Section, brief: &Brief) -> Vec<Block> {
    let year = brief.head.year;
    match section {
        Section::Headlines if brief.headlines.is_empty() => Vec::new(),
        Section::Headlines => {
            let mut blocks = vec![paragraph("Text", &tables::targets::sentence(&brief.headlines))];
            let missed: Vec<String> = brief
                .headlines
                .iter()
                .filter(|line| line.outcome == Outcome::NotMet)
                .map(tables::targets::name)
                .collect();
            if !missed.is_empty() {
                blocks.push(paragraph("Text", &format!("未达标：{}。", missed.join("；"))));
            }
            blocks.extend(shown(&tables::targets::table(brief)));
            blocks
        }
        Section::Figures => join([
            shown(&tables::figures::own(brief, &NoLinks)),
            shown(&tables::figures::below(brief, &NoLinks)),
        ]),
        Section::Trends => shown(&tables::trends::table(brief)),
        Section::AccidentTypes => shown(&tables::tallies::table(
            format!("{year}年事故起数按类型"),
            "事故类型",
            year,
            &brief.accident_types,
        )),
        Section::Heat => {
            let mut blocks = shown(&tables::heat::table(brief, &NoLinks));
            if let (false, Some(difference)) = (blocks.is_empty(), &brief.heat.difference) {
                blocks.push(paragraph("Remark", &format!("差异说明：{difference}")));
            }
            blocks
        }
        Section::Exposure => shown(&tables::tallies::table(
            format!("{year}年新报告尘肺病例数按接尘工龄"),
            "接尘工龄",
            year,
            &brief.exposure,
        )),
        Section::Returns if brief.returns.is_empty() => Vec::new(),
        Section::Returns => join([
            vec![paragraph("Text", &tables::returns::sentence(&brief.returns))],
            shown(&tables::returns::table(brief)),
        ]),
        Section::Tasks => match brief.tasks.as_deref() {
            Some(tasks) if !tasks.is_empty() => join([
                vec![paragraph("Text", &tables::tasks::sentence(tasks))],
                shown(&tables::tasks::table(year, tasks)),
            ]),
            _ => Vec::new(),
        },
        Section::Leads if brief.leads.is_empty() => Vec::new(),
        Section::Leads => join([
            vec![paragraph("Notice", tables::leads::WARNING)],
            shown(&tables::leads::summary(&brief.leads)),
            shown(&tables::leads::overlaps(&brief.leads)),
            shown(&tables::leads::lines(&brief.leads, &NoLinks)),
        ]),
        Section::Hazards => {
            let mut blocks = shown(&tables::hazards::overdue(brief, &NoLinks));
            blocks.extend(brief.hazards_note.iter().map(|note| paragraph("Remark", note)));
            blocks
        }
        Section::Employers => {
            let mut blocks = shown(&tables::hazards::employers(brief, &NoLinks));
            blocks.extend(brief.employers_note.iter().map(|note| paragraph("Remark", note)));
            blocks
        }
        Section::Resolutions => shown(&tables::resolutions::table(brief)),
        Section::Meeting => brief.meeting.as_ref().map(meeting).unwrap_or_default(),
        Section::Differences if brief.differences.is_empty() => Vec::new(),
        Section::Differences => join([
            vec![paragraph("Text", head::CHANGED)],
            shown(&tables::meeting::differences(&brief.differences)),
        ]),
        Section::Basis => numbered(&crate::head::basis(&brief.head)),
    }
}

fn meeting(meeting: &Meeting) -> Vec<Block> {
    let members: Vec<&str> = meeting.members.iter().map(words::label).collect();
    let mut blocks = vec![
        named("会议", &meeting.title),
        named("时间", &meeting.held_at.map_or_else(|| "待定".to_owned(), words::long_moment)),
        named(
            "成员单位",
            &if members.is_empty() { "未列明".to_owned() } else { members.join("、") },
        ),
        Block::Paragraph(Box::new(styled("Heading2", "议程").keep_next(true))),
    ];
    if meeting.agenda.is_empty() {
        blocks.push(paragraph("Text", "议程尚未排定。"));
    }
    blocks.extend(numbered(&meeting.agenda));
    blocks.push(Block::Paragraph(Box::new(styled("Heading2", "部门签认").keep_next(true))));
    let parts = tables::meeting::parts(meeting);
    if parts.is_empty() {
        blocks.push(paragraph("Text", "没有需要签认的部分。"));
    }
    blocks.extend(shown(&parts));
    blocks
}

/// The table, or nothing if it has no rows.
fn shown(table: &Table) -> Vec<Block> {
    if table.is_empty() { Vec::new() } else { table::blocks(table) }
}

fn join<const N: usize>(parts: [Vec<Block>; N]) -> Vec<Block> {
    parts.into_iter().flatten().collect()
}

fn numbered(sentences: &[String]) -> Vec<Block> {
    (1..)
        .zip(sentences)
        .map(|(number, sentence): (usize, _)| paragraph("Text", &format!("{number}. {sentence}")))
        .collect()
}

fn paragraph(style: &str, text: &str) -> Block {
    Block::Paragraph(Box::new(styled(style, text)))
}

/// A paragraph `名称：内容` with the name in bold.
fn named(name: &str, value: &str) -> Block {
    let paragraph = docx_rs::Paragraph::new()
        .style("Text")
        .add_run(Run::new().add_text(format!("{name}：")).bold())
        .add_run(Run::new().add_text(value));
    Block::Paragraph(Box::new(paragraph))
}
