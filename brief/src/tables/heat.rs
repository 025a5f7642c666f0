//! Accidents by subordinate region and industry, with their sums. Where a count is missing or
//! withheld, the sums over it are too: they would not be whole, or would give it away.

use crate::{
    content::{Brief, HeatRow},
    links::Links,
    table::{Cell, Column, Group, Table, Value},
    words,
};

/// The shaded table.
pub(crate) fn table(brief: &Brief, links: &dyn Links) -> Table {
    let heat = &brief.heat;
    let absent = words::absent(brief.head.protected);
    let width = heat.industries.len();
    let most = heat.regions.iter().flat_map(|row| counts(row, width)).flatten().max().unwrap_or(0);
    let mut columns = vec![Column::text("地区", 7)];
    columns
        .extend(heat.industries.iter().map(|industry| Column::number(words::label(industry), 5)));
    columns.push(Column::number("合计", 5));
    let mut rows: Vec<Vec<Cell>> = heat
        .regions
        .iter()
        .map(|row| {
            let mut cells =
                vec![Cell::head(words::label(&row.region)).link(links.region(&row.region))];
            cells.extend(counts(row, width).map(|count| match count {
                Some(count) => Value::Shaded(count, shade(count, most)).into(),
                None => Value::Absent(absent).into(),
            }));
            cells.push(Cell::count(sum(counts(row, width)), absent));
            cells
        })
        .collect();
    if !rows.is_empty() {
        let mut cells = vec![Cell::head("合计")];
        cells.extend((0..width).map(|at| {
            Cell::count(
                sum(heat.regions.iter().map(|row| row.counts.get(at).copied().flatten())),
                absent,
            )
        }));
        cells
            .push(Cell::count(sum(heat.regions.iter().flat_map(|row| counts(row, width))), absent));
        rows.push(cells);
    }
    Table {
        caption: format!("{}年各地区分行业事故起数", brief.head.year),
        columns,
        groups: vec![Group { title: None, rows }],
    }
}

/// The counts of a row, one for each industry.
pub(crate) fn counts(row: &HeatRow, width: usize) -> impl Iterator<Item = Option<i64>> {
    (0..width).map(|at| row.counts.get(at).copied().flatten())
}

/// The sum; none where an addend is withheld.
pub(crate) fn sum(mut counts: impl Iterator<Item = Option<i64>>) -> Option<i64> {
    counts.try_fold(0_i64, |sum, count| sum.checked_add(count?))
}

/// The shade of a count: none for zero, then five of equal width up to the greatest.
fn shade(count: i64, most: i64) -> u8 {
    if count <= 0 || most <= 0 {
        return 0;
    }
    u8::try_from((i128::from(count) * 5 + i128::from(most) - 1) / i128::from(most))
        .unwrap_or(5)
        .min(5)
}

#[cfg(test)]
mod tests {
    use super::{shade, sum};

    #[test]
    fn the_greatest_is_darkest_and_zero_is_not_shaded() {
        assert_eq!([0, 1, 2, 5, 10].map(|count| shade(count, 10)), [0, 1, 1, 3, 5]);
        assert_eq!(shade(1, 1), 5);
        assert_eq!(shade(i64::MAX, i64::MAX), 5);
    }

    #[test]
    fn a_sum_over_a_withheld_count_is_withheld() {
        assert_eq!(sum([Some(1), Some(2)].into_iter()), Some(3));
        assert_eq!(sum([Some(1), None].into_iter()), None);
    }
}
