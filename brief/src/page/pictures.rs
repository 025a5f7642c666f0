//! The pictures, each with a text for those who do not see it and with its numbers in a table that
//! opens without script.

use maud::{Markup, PreEscaped, html};

use crate::{
    chart::{Chart, bars, columns, lines},
    content::Brief,
    page::grid,
    table::Table,
    tables, words,
};

/// Lines over the years, one picture for each measure and industry.
pub(crate) fn trends(brief: &Brief) -> Markup {
    html! {
        (legend())
        div.charts {
            @for (at, trend) in brief.trends.iter().enumerate() {
                figure.chart {
                    figcaption { (tables::trends::title(trend)) }
                    (picture(&format!("trend-{at}"), lines::chart(trend, words::absent(brief.head.protected))))
                }
            }
        }
        (numbers("trends-table", &tables::trends::table(brief)))
    }
}

/// Accidents by type.
pub(crate) fn accident_types(brief: &Brief) -> Markup {
    let year = brief.head.year;
    let table = tables::tallies::table(
        format!("{year}年事故起数按类型"),
        "事故类型",
        year,
        &brief.accident_types,
    );
    tallies("accident-types", &table, bars::chart(&brief.accident_types, "起", year))
}

/// Pneumoconiosis by years of exposure.
pub(crate) fn exposure(brief: &Brief) -> Markup {
    let year = brief.head.year;
    let table = tables::tallies::table(
        format!("{year}年新报告尘肺病例数按接尘工龄"),
        "接尘工龄",
        year,
        &brief.exposure,
    );
    tallies("exposure", &table, columns::chart(&brief.exposure, "例", year))
}

fn tallies(id: &str, table: &Table, chart: Option<Chart>) -> Markup {
    html! {
        figure.chart.wide {
            figcaption { (table.caption) }
            (picture(&format!("{id}-chart"), chart))
        }
        (numbers(&format!("{id}-table"), table))
    }
}

fn numbers(id: &str, table: &Table) -> Markup {
    html! {
        details.data {
            summary { "数据表：" (table.caption) }
            (grid::table(id, table))
        }
    }
}

fn picture(id: &str, chart: Option<Chart>) -> Markup {
    let (title, text) = (format!("{id}-name"), format!("{id}-text"));
    html! {
        @if let Some(chart) = chart {
            svg viewBox={ "0 0 " (chart.width) " " (chart.height) } role="img" aria-labelledby={ (title) " " (text) } {
                title id=(title) { (chart.name) }
                desc id=(text) { (chart.text) }
                (PreEscaped(chart.shapes))
            }
        } @else {
            p.empty { "没有可画的数据。" }
        }
    }
}

/// What the signs in the lines mean.
fn legend() -> Markup {
    html! {
        ul.legend {
            li {
                svg viewBox="0 0 40 12" aria-hidden="true" focusable="false" {
                    path d="M2 6H38" stroke="#14406b" stroke-width="2" {}
                    circle cx="20" cy="6" r="4" fill="#14406b" {}
                }
                "实际"
            }
            li {
                svg viewBox="0 0 40 12" aria-hidden="true" focusable="false" {
                    circle cx="20" cy="6" r="4" fill="#fff" stroke="#14406b" stroke-width="2" {}
                }
                "未定稿"
            }
            li {
                svg viewBox="0 0 40 12" aria-hidden="true" focusable="false" {
                    path d="M2 9H20V3H38" fill="none" stroke="#a4161a" stroke-width="2" stroke-dasharray="5 3" {}
                }
                "规划目标"
            }
            li { "“缺”为未报送的年度，“—”为无病例、无人员或未考核，比例无定义" }
        }
    }
}
