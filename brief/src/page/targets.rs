//! The headlines: every target with what became of it, said by a shape and a word and not by colour
//! alone.

use maud::{Markup, html};

use crate::{
    content::{Brief, Headline, Outcome},
    table::{JudgementMark, judgement_mark},
    tables, words,
};

/// The targets in the plan's order, under the sentence that sums them up.
pub(crate) fn list(brief: &Brief) -> Markup {
    let missed: Vec<String> = brief
        .headlines
        .iter()
        .filter(|line| line.outcome == Outcome::NotMet)
        .map(tables::targets::name)
        .collect();
    html! {
        p.lead { (tables::targets::sentence(&brief.headlines)) }
        @if !missed.is_empty() {
            p.missed { strong { "未达标：" } (missed.join("；")) "。" }
        }
        ol.targets {
            @for line in &brief.headlines {
                (item(line))
            }
        }
    }
}

fn item(line: &Headline) -> Markup {
    let shape = judgement_mark(line.outcome);
    html! {
        li.(class(shape)) {
            div.verdict { (badge(shape, words::outcome(line.outcome))) }
            div.what {
                h3 { (tables::targets::name(line)) }
                @if let Some(department) = &line.department {
                    p.owner { "责任部门：" (words::label(department)) }
                }
            }
            div.numbers {
                p { span.label { "目标" } " " (line.target) }
                p { span.label { "实际" } " " b { (line.actual) } }
            }
            p.reason { (line.reason) }
        }
    }
}

/// A shape and its word.
pub(crate) fn badge(shape: JudgementMark, word: &str) -> Markup {
    html! {
        span.badge.(class(shape)) {
            svg.shape viewBox="0 0 16 16" aria-hidden="true" focusable="false" {
                @match shape {
                    JudgementMark::Good => {
                        circle cx="8" cy="8" r="7.5" fill="currentColor" {}
                        path d="M4.2 8.4 7 11.2 11.8 5.2" fill="none" stroke="#fff" stroke-width="1.8" {}
                    }
                    JudgementMark::Bad => {
                        path d="M8 .8 15.6 15H.4Z" fill="currentColor" {}
                        path d="M8 5.6V10.2M8 11.6V13.2" fill="none" stroke="#fff" stroke-width="1.8" {}
                    }
                    JudgementMark::About => {
                        path d="M8 .6 15.4 8 8 15.4.6 8Z" fill="none" stroke="currentColor" stroke-width="1.4" {}
                        path d="M4.6 7C6 5.6 7 8 8.2 7S10.4 6 11.4 6.8M4.6 10C6 8.6 7 11 8.2 10S10.4 9 11.4 9.8" fill="none" stroke="currentColor" stroke-width="1.1" {}
                    }
                    JudgementMark::Partly => {
                        circle cx="8" cy="8" r="6.8" fill="none" stroke="currentColor" stroke-width="1.4" {}
                        path d="M8 1.2A6.8 6.8 0 0 1 8 14.8Z" fill="currentColor" {}
                    }
                    JudgementMark::Open => {
                        circle cx="8" cy="8" r="6.8" fill="none" stroke="currentColor" stroke-width="1.4" stroke-dasharray="2.4 1.6" {}
                    }
                }
            }
            (word)
        }
    }
}

const fn class(shape: JudgementMark) -> &'static str {
    match shape {
        JudgementMark::Good => "good",
        JudgementMark::Bad => "bad",
        JudgementMark::About | JudgementMark::Partly => "about",
        JudgementMark::Open => "open",
    }
}
