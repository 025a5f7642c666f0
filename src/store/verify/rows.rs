//! Rows of the other tables against their keyed digests, and the tables as a whole against their heads; code tables against
//! those of the program.

use sea_orm::{Statement, Value};

use crate::{
    error::HubError,
    store::{
        exchange::jobs::statement,
        proof::{
            head::{COLUMNS, Head, over},
            prover::Prover,
            witness::{WITNESSED, Witnessed, proved, select},
        },
        sql::{database::Database, snapshot::Snapshot},
        verify::Check,
    },
};

/// Digests read at a time.
const STEP: usize = 200;

/// Every table.
pub(super) async fn witnessed(database: &Database, prover: &Prover) -> Result<Vec<Check>, HubError> {
    let mut checks = Vec::new();
    // One state of the store: rows and digests change together.
    let mut snapshot = database.reading().await?;
    for own in WITNESSED {
        checks.push(table(database, &mut snapshot, prover, own).await?);
    }
    let mut touched = Check::new("rows: none was written by anybody else");
    let backend = database.backend();
    let sql = "SELECT table_name, row_key FROM rows_touched ORDER BY id LIMIT 1000";
    for row in snapshot.look(Statement::from_string(backend, sql)).await? {
        let (table, key): (String, String) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
        touched.fault(format!("{table} {}", shown(&key)));
    }
    snapshot.close().await;
    checks.push(touched);
    Ok(checks)
}

fn shown(key: &str) -> String {
    key.replace('\u{1f}', " ")
}

async fn table(database: &Database, snapshot: &mut Snapshot, prover: &Prover, own: Witnessed) -> Result<Check, HubError> {
    let (backend, name) = (database.backend(), own.table);
    let mut check = Check::new(&format!("{name}: every row is as it was written, and none is missing"));
    let columns = database.shape_of(name).await?;
    let sql = format!("SELECT {COLUMNS} FROM chains WHERE name = ?");
    let kept = snapshot.look(statement(backend, &sql, vec![name.into()])).await?.first().map(Head::read).transpose()?;
    let (mut count, mut all, mut after) = (0_i64, String::new(), String::new());
    let step =
        format!("SELECT row_key, mac FROM row_proofs WHERE table_name = '{name}' AND row_key > ? ORDER BY row_key LIMIT {STEP}");
    loop {
        let proofs = snapshot.look(statement(backend, &step, vec![after.as_str().into()])).await?;
        let mut known: std::collections::BTreeMap<String, String> = std::collections::BTreeMap::new();
        for row in &proofs {
            let (key, mac): (String, String) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
            (count, all) = (count + 1, over(&all, &mac));
            after.clone_from(&key);
            known.insert(key, mac);
        }
        let keys: Vec<String> = known.keys().cloned().collect();
        let parts: Vec<Vec<&str>> = keys.iter().filter_map(|key| own.parts(key)).collect();
        if !parts.is_empty() {
            let rest = format!("WHERE {}", vec![own.is(backend); parts.len()].join(" OR "));
            let values: Vec<Value> = parts.into_iter().flatten().map(Value::from).collect();
            for row in snapshot.look(statement(backend, &select(backend, own, &columns, &rest), values)).await? {
                let key: String = row.try_get_by_index(0)?;
                check.looked += 1;
                let mac = proved(prover, name, &key, &columns, &row, 2)?;
                if known.remove(&key) != Some(mac) {
                    check.fault(format!("{name} {}", shown(&key)));
                }
            }
        }
        known.keys().for_each(|key| check.fault(format!("{name} {} is gone", shown(key))));
        if proofs.len() < STEP {
            break;
        }
    }
    let alone = select(backend, own, &[], "WHERE p.mac IS NULL").replace("p.mac, ", "p.mac");
    for row in snapshot.look(Statement::from_string(backend, format!("{alone} LIMIT 1000"))).await? {
        check.looked += 1;
        check.fault(format!("{name} {} was put in", shown(&row.try_get_by_index::<String>(0)?)));
    }
    let fits =
        kept.as_ref().map_or(count == 0, |head| head.holds(prover) && head.count == count && (count == 0 || head.head == all));
    if !fits {
        let was = kept.map_or(0, |head| head.count);
        check.fault(format!("{name}: its head says {was} rows, {count} have a digest; rows or the head were changed or removed"));
    }
    Ok(check)
}
