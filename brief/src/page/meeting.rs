//! The meeting: when, who, what about, and which department has signed its part.

use maud::{Markup, html};

use crate::{content::Meeting, page::grid, tables, words};

/// Everything about it; what is not settled is said to be open.
pub(crate) fn body(meeting: &Meeting) -> Markup {
    let parts = tables::meeting::parts(meeting);
    html! {
        dl.facts.single {
            div { dt { "会议" } dd { (meeting.title) } }
            div { dt { "时间" } dd { (meeting.held_at.map_or_else(|| "待定".to_owned(), words::long_moment)) } }
            div {
                dt { "成员单位" }
                dd {
                    @if meeting.members.is_empty() {
                        "未列明"
                    } @else {
                        (meeting.members.iter().map(words::label).collect::<Vec<_>>().join("、"))
                    }
                }
            }
        }
        h3 { "议程" }
        @if meeting.agenda.is_empty() {
            p.empty { "议程尚未排定。" }
        } @else {
            ol.agenda { @for item in &meeting.agenda { li { (item) } } }
        }
        h3 { "部门签认" }
        @if parts.is_empty() {
            p.empty { "没有需要签认的部分。" }
        } @else {
            (grid::table("meeting-parts", &parts))
        }
    }
}
