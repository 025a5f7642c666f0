//! Scopes as SQL conditions, and the small parts all statements share.

use sea_orm::{
    DbBackend, Statement, Value,
    sea_query::{
        Alias, ArrayType, Cond, Expr, ExprTrait, PostgresQueryBuilder, SelectStatement, SimpleExpr,
        SqliteQueryBuilder,
    },
};
use uuid::Uuid;

use crate::authz::scope::{RegionCondition, Zone, ZoneCondition};

/// A column of the statement's main table.
pub(in crate::store) fn column(table: &str, name: &str) -> Expr {
    Expr::col((Alias::new(table), Alias::new(name)))
}

/// The statement as text and values for the database in use.
pub(in crate::store) fn built(backend: DbBackend, select: &SelectStatement) -> Statement {
    let (sql, values) = match backend {
        DbBackend::Postgres => select.build(PostgresQueryBuilder),
        _ => select.build(SqliteQueryBuilder),
    };
    Statement { sql, values: Some(values), db_backend: backend }
}

/// `column IN texts` with one parameter, so that the text of the statement does not depend on how
/// many there are.
pub(in crate::store) fn in_texts(backend: DbBackend, column: Expr, list: &[String]) -> SimpleExpr {
    let condition = match backend {
        DbBackend::Postgres => "$1 = ANY($2)",
        _ => "? IN (SELECT value FROM json_each(?))",
    };
    Expr::cust_with_exprs(condition, [column, Expr::val(texts(backend, list))])
}

/// The parameter of [`in_texts`].
pub(in crate::store) fn texts(backend: DbBackend, list: &[String]) -> Value {
    match backend {
        DbBackend::Postgres => {
            let list = list.iter().map(|text| Value::from(text.as_str())).collect();
            Value::Array(ArrayType::String, Some(Box::new(list)))
        }
        _ => Value::from(serde_json::Value::from(list.to_vec()).to_string()),
    }
}

/// `column IN ids` with one parameter, as [`in_texts`].
pub(in crate::store) fn in_ids(backend: DbBackend, column: Expr, ids: &[Uuid]) -> SimpleExpr {
    match backend {
        DbBackend::Postgres => {
            let list = ids.iter().map(|id| Value::from(*id)).collect();
            Expr::cust_with_exprs(
                "$1 = ANY($2)",
                [column, Expr::val(Value::Array(ArrayType::Uuid, Some(Box::new(list))))],
            )
        }
        _ => {
            let list: Vec<String> = ids.iter().map(|id| id.simple().to_string()).collect();
            let list = serde_json::Value::from(list).to_string();
            Expr::cust_with_exprs(
                "? IN (SELECT unhex(value) FROM json_each(?))",
                [column, Expr::val(list)],
            )
        }
    }
}

/// A word of the policy, or the name of a family, written into the text of a statement. Regions,
/// departments and industries of a zone are few, and a plan that does not know them is made for a
/// region that holds next to nothing.
pub(in crate::store) fn word(text: &str) -> Expr {
    Expr::Constant(Value::from(text))
}

/// Rows of any of these zones; no zone means no row.
pub(in crate::store) fn zones(
    table: &str,
    region: &str,
    industry: Option<&str>,
    zones: &[&Zone],
) -> Cond {
    let mut any = Cond::any();
    if zones.is_empty() {
        return any.add(Expr::cust("1 = 0"));
    }
    for zone in zones {
        any = any.add(condition(table, region, industry, zone.condition()));
    }
    any
}

/// As [`zones`], of rows of one region in which each of these zones lies.
pub(in crate::store) fn zones_there(table: &str, industry: Option<&str>, zones: &[&Zone]) -> Cond {
    let parts = zones.iter().map(|zone| apart_from_place(table, industry, zone.condition()));
    let parts: Vec<Cond> = parts.collect();
    // A zone without such conditions holds all rows of the region.
    if parts.iter().any(Cond::is_empty) {
        return Cond::all();
    }
    parts.into_iter().fold(Cond::any(), Cond::add)
}

fn condition(table: &str, region: &str, industry: Option<&str>, condition: &ZoneCondition) -> Cond {
    let place = match &condition.place {
        RegionCondition::Inside(prefix) => begins(table, region, prefix, word),
        RegionCondition::Outside(prefix, above) => {
            let mut outside = Cond::all().add(begins(table, region, prefix, word).not());
            if !above.is_empty() {
                outside = outside
                    .add(column(table, region).is_not_in(above.iter().map(|code| word(code))));
            }
            outside
        }
    };
    place.add(apart_from_place(table, industry, condition))
}

/// What a zone asks of a row besides its region.
fn apart_from_place(table: &str, industry: Option<&str>, condition: &ZoneCondition) -> Cond {
    let mut all = Cond::all();
    if let Some((own, is)) = &condition.department {
        let (department, own) = (column(table, "department"), own.as_str());
        all = all.add(if *is { department.eq(word(own)) } else { department.ne(word(own)) });
    }
    if let (Some((own, is)), Some(name)) = (&condition.industry, industry) {
        let field = column(table, name);
        let among = field.clone().is_in(own.iter().map(|code| word(code)));
        all = all.add(if *is {
            Cond::all().add(among)
        } else {
            Cond::any().add(field.is_null()).add(among.not())
        });
    }
    all
}

/// `name` begins with `prefix`, as a range that an index can serve; a full code is an equality.
pub(in crate::store) fn beginning(table: &str, name: &str, prefix: &str) -> Cond {
    begins(table, name, prefix, |text| Expr::val(text))
}

fn begins(table: &str, name: &str, prefix: &str, text: impl Fn(&str) -> Expr) -> Cond {
    let field = || column(table, name);
    if prefix.len() >= 6 && name == "region_code" {
        return Cond::all().add(field().eq(text(prefix)));
    }
    let all = Cond::all().add(field().gte(text(prefix)));
    match successor(prefix) {
        Some(end) => all.add(field().lt(text(&end))),
        None => all,
    }
}

/// The least text greater than every text that begins with `prefix`, by code points (as UTF-8
/// orders bytes).
pub(in crate::store) fn successor(prefix: &str) -> Option<String> {
    let mut letters: Vec<char> = prefix.chars().collect();
    while let Some(last) = letters.pop() {
        let mut next = u32::from(last) + 1;
        if (0xD800..=0xDFFF).contains(&next) {
            next = 0xE000;
        }
        if let Some(letter) = char::from_u32(next) {
            letters.push(letter);
            return Some(letters.into_iter().collect());
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::successor;

    #[test]
    fn the_successor_is_above_every_text_with_the_prefix_and_below_the_next() {
        assert_eq!(successor("1406").as_deref(), Some("1407"));
        assert_eq!(successor("朔").as_deref(), Some("朕"));
        assert_eq!(successor("a\u{10FFFF}").as_deref(), Some("b"));
        assert_eq!(successor("\u{10FFFF}"), None);
    }
}
