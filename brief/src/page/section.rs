//! One section of the page, and which one shows what.

use maud::{Markup, html};

use crate::{
    content::Brief,
    links::{Links, on_site},
    page::{grid, leads, meeting, pictures, targets},
    section::Section,
    tables,
};

/// A section with its heading. One that has nothing to show says so.
pub(crate) fn section(section: Section, brief: &Brief, links: &dyn Links) -> Markup {
    let (number, title) = section.title();
    let heading = format!("{}-title", section.id());
    html! {
        section id=(section.id()) aria-labelledby=(heading) {
            h2 id=(heading) { span.number { (number) "、" } (title) }
            (body(section, brief, links).unwrap_or_else(|| html! { p.empty { (section.empty()) } }))
        }
    }
}

/// What it shows; none when there is nothing.
fn body(section: Section, brief: &Brief, links: &dyn Links) -> Option<Markup> {
    match section {
        Section::Headlines => (!brief.headlines.is_empty()).then(|| targets::list(brief)),
        Section::Figures => figures(brief, links),
        Section::Trends => (!brief.trends.is_empty()).then(|| pictures::trends(brief)),
        Section::AccidentTypes => (!brief.accident_types.is_empty()).then(|| pictures::accident_types(brief)),
        Section::Heat => (!brief.heat.regions.is_empty()).then(|| heat(brief, links)),
        Section::Exposure => (!brief.exposure.is_empty()).then(|| pictures::exposure(brief)),
        Section::Returns => (!brief.returns.is_empty()).then(|| {
            html! {
                p.lead { (tables::returns::sentence(&brief.returns)) }
                (grid::table("returns-table", &tables::returns::table(brief)))
            }
        }),
        Section::Tasks => brief.tasks.as_ref().filter(|tasks| !tasks.is_empty()).map(|tasks| {
            html! {
                p.lead { (tables::tasks::sentence(tasks)) }
                @if let Some(href) = on_site(links.tasks()) {
                    p { a href=(href) { "报告、确认或退回任务" } }
                }
                (grid::table("tasks-table", &tables::tasks::table(brief.head.year, tasks)))
            }
        }),
        Section::Leads => (!brief.leads.is_empty()).then(|| leads::body(brief, links)),
        Section::Hazards => (!brief.hazards.is_empty() || brief.hazards_note.is_some()).then(|| {
            html! {
                @if !brief.hazards.is_empty() {
                    p.lead { "共" (brief.hazards.len()) "项，截至数据截取之日。" }
                    (grid::table("hazards-table", &tables::hazards::overdue(brief, links)))
                }
                @if let Some(note) = &brief.hazards_note { p.note { (note) } }
            }
        }),
        Section::Employers => {
            (!brief.employers.is_empty() || brief.employers_note.is_some()).then(|| {
                html! {
                    @if !brief.employers.is_empty() {
                        (grid::table("employers-table", &tables::hazards::employers(brief, links)))
                    }
                    @if let Some(note) = &brief.employers_note { p.note { (note) } }
                }
            })
        }
        Section::Resolutions => {
            (!brief.resolutions.is_empty()).then(|| grid::table("resolutions-table", &tables::resolutions::table(brief)))
        }
        Section::Meeting => brief.meeting.as_ref().map(meeting::body),
        Section::Differences => (!brief.differences.is_empty()).then(|| {
            html! {
                p.lead { (crate::head::CHANGED) }
                (grid::table("differences-table", &tables::meeting::differences(&brief.differences)))
            }
        }),
        Section::Basis => (!crate::head::basis(&brief.head).is_empty()).then(|| {
            html! { ul.basis { @for sentence in crate::head::basis(&brief.head) { li { (sentence) } } } }
        }),
    }
}

fn figures(brief: &Brief, links: &dyn Links) -> Option<Markup> {
    let (own, below) = (tables::figures::own(brief, links), tables::figures::below(brief, links));
    (!own.is_empty() || !below.is_empty()).then(|| {
        html! {
            p.lead { "每个数值都由左侧两个数算出；结论按精确分数判定，不按四舍五入后的数判定。" }
            @if !own.is_empty() { (grid::table("figures-own", &own)) }
            @if !below.is_empty() {
                details.more.annex {
                    summary { "下级地区指标" }
                    (grid::table("figures-below", &below))
                }
                p.note.paper { "下级地区指标较长，见工作簿“指标”表，不随本页打印。" }
            }
        }
    })
}

fn heat(brief: &Brief, links: &dyn Links) -> Markup {
    html! {
        (grid::table("heat-table", &tables::heat::table(brief, links)))
        p.note { "底色越深，起数越多；数字即起数。" }
        @if let Some(difference) = &brief.heat.difference {
            p.note { strong { "差异说明：" } (difference) }
        }
    }
}
