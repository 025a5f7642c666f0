//! The effective access matrix as a table people can read and review as a diff.

use std::fmt::Write as _;

use entity::catalogue::{Catalogue, Class};

use crate::authz::policy::Policy;

/// The matrix as Markdown: for every family and department, which rows, how much of each class,
/// whether it writes.
#[must_use]
pub fn markdown(catalogue: &Catalogue, policy: &Policy) -> String {
    let mut page = String::from(
        "# 访问矩阵 / Access matrix\n\n\
         由 `lianfang access-matrix` 根据 `policy/` 生成，请勿手改。Generated from `policy/`; do not edit.\n\n\
         行 rows: OWN 本行政区域及下级；OWN_INDUSTRY 其中本部门主管行业；OTHER_INDUSTRY 其中其他行业；PEER 其他地区。\n\
         结果 outcomes: full 全部；masked 脱敏；case 仅限有编号的个案用途；aggregate 仅限汇总；none 不可见。\n\
         提供部门对本区域内自己报送的记录全部可见。A department sees all of what it handed in itself in its region.\n\n",
    );
    page.push_str("省级 province level: ");
    for class in Class::ALL {
        let _ = write!(page, "{} ≤ {}; ", class.letter(), policy.cap("PROVINCE", class).word());
    }
    page.push('\n');
    for family in catalogue.families() {
        let _ = write!(page, "\n## {} {}\n\n", family.label, family.name);
        page.push_str(
            "| 部门 department | 行 rows | P | I | N | S | 报送 writes | 依据 source |\n|---|---|---|---|---|---|---|---|\n",
        );
        for department in policy.departments() {
            for line in policy.lines_of(family, department) {
                let [p, i, n, s] = line.outcomes().map(super::policy::Openness::word);
                let writes = if line.writes() { "yes" } else { "" };
                let _ = writeln!(
                    page,
                    "| {department} | {} | {p} | {i} | {n} | {s} | {writes} | {} |",
                    line.rows.word(),
                    line.source.replace('|', "\\|")
                );
            }
        }
        page.push_str("\n| 字段 field | 中文 | 级别 class | 加密 sealed |\n|---|---|---|---|\n");
        for field in family.fields.iter().filter(|field| !field.hidden) {
            let sealed = if field.sealed { "yes" } else { "" };
            let _ = writeln!(
                page,
                "| {} | {} | {} {} | {sealed} |",
                field.name,
                field.label,
                field.class.letter(),
                field.class.label()
            );
        }
    }
    page
}
