//! Differences between departments: leads and not findings.

use maud::{Markup, html};

use crate::{content::Brief, links::Links, page::grid, tables};

/// The warning first, then the counts, the lists compared, and the oldest open leads.
pub(crate) fn body(brief: &Brief, links: &dyn Links) -> Markup {
    let overlaps = tables::leads::overlaps(&brief.leads);
    let lines = tables::leads::lines(&brief.leads, links);
    html! {
        p.warning { (tables::leads::WARNING) }
        (grid::table("leads-summary", &tables::leads::summary(&brief.leads)))
        @if !overlaps.is_empty() { (grid::table("leads-overlap", &overlaps)) }
        @if lines.is_empty() {
            @if brief.leads.iter().all(|group| group.certain.is_some()) {
                p.empty { "没有未关闭的线索。" }
            } @else {
                p.empty { "有数的种类没有未关闭的线索；没有数的种类见上表说明。" }
            }
        } @else {
            (grid::table("leads-lines", &lines))
        }
    }
}
