//! Compares rows of the other tables with their keyed digests and the tables as a whole with their
//! heads, and code tables with those of the program.

use sea_orm::{Statement, Value};

use crate::{
    error::HubError,
    store::{
        proof::{
            checkpoint::Checkpoint,
            head::{COLUMNS, ProofHead, over},
            prover::Prover,
            tables,
            witness::{proved, select},
            witnessed::{WITNESSED, Witnessed},
        },
        sql::{database::Database, snapshot::Snapshot, statement::statement},
        verify::{Check, raw, shown_text},
    },
};

/// Digests read in one batch.
const STEP: usize = 200;

/// Checks every table of [`WITNESSED`], and that no row was written by anybody else.
pub(super) async fn witnessed(
    database: &Database,
    prover: &Prover,
    kept: Option<&Checkpoint>,
) -> Result<Vec<Check>, HubError> {
    let mut checks = Vec::new();
    // One state of the store, because rows and their digests change together.
    let mut snapshot = database.looking().await?;
    for own in WITNESSED {
        let mut check = Check::new(&format!(
            "{}: every row is as it was written, and none is missing",
            own.table
        ));
        let looked = table(database, &mut snapshot, prover, own, &mut check).await;
        if check.read(looked, || format!("{} or row_proofs or chains", own.table))?.is_none() {
            // On PostgreSQL a failed read ends the transaction.
            snapshot.close().await;
            snapshot = database.looking().await?;
        }
        checks.push(check);
    }
    checks.push(
        tables::verified(database, &mut snapshot, prover, kept.and_then(Checkpoint::tables))
            .await?,
    );
    let mut touched = Check::new("rows: none was written by anybody else");
    let backend = database.backend();
    let sql = "SELECT table_name, row_key FROM rows_touched ORDER BY id LIMIT 1000";
    let rows = touched.read(snapshot.look(Statement::from_string(backend, sql)).await, || {
        "rows_touched".to_owned()
    })?;
    for row in rows.unwrap_or_default() {
        touched.fault(format!("{} {}", shown_text(&row, 0), shown(&shown_text(&row, 1))));
    }
    snapshot.close().await;
    checks.push(touched);
    Ok(checks)
}

fn shown(key: &str) -> String {
    key.replace('\u{1f}', " ")
}

async fn table(
    database: &Database,
    snapshot: &mut Snapshot,
    prover: &Prover,
    own: Witnessed,
    check: &mut Check,
) -> Result<(), HubError> {
    let (backend, name) = (database.backend(), own.table);
    let columns = database.shape_of(name).await?;
    let sql = format!("SELECT {COLUMNS} FROM chains WHERE name = ?");
    let kept = snapshot.look(statement(backend, &sql, vec![name.into()])).await?;
    let kept = check
        .read(kept.first().map(ProofHead::read).transpose(), || format!("chains {name}"))?
        .flatten();
    let (mut count, mut all, mut after) = (0_i64, String::new(), Value::from(""));
    let step = format!(
        "SELECT row_key, mac FROM row_proofs WHERE table_name = '{name}' AND row_key > ? ORDER BY row_key LIMIT {STEP}"
    );
    loop {
        let proofs = snapshot.look(statement(backend, &step, vec![after.clone()])).await?;
        let mut known: std::collections::BTreeMap<String, String> =
            std::collections::BTreeMap::new();
        for row in &proofs {
            after = raw(row, 0).unwrap_or(after);
            let proof = || Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?));
            let place = || format!("row_proofs {name} {}", shown(&shown_text(row, 0)));
            let Some((key, mac)) = check.read::<(String, String)>(proof(), place)? else {
                continue;
            };
            (count, all) = (count + 1, over(&all, &mac));
            known.insert(key, mac);
        }
        let keys: Vec<String> = known.keys().cloned().collect();
        let parts: Vec<Vec<&str>> = keys.iter().filter_map(|key| own.parts(key)).collect();
        if !parts.is_empty() {
            let rest = format!("WHERE {}", vec![own.is(backend); parts.len()].join(" OR "));
            let values: Vec<Value> = parts.into_iter().flatten().map(Value::from).collect();
            for row in snapshot
                .look(statement(backend, &select(backend, own, &columns, &rest), values))
                .await?
            {
                check.looked += 1;
                let Some(key) = check
                    .read(row.try_get_by_index::<String>(0).map_err(Into::into), || {
                        name.to_owned()
                    })?
                else {
                    continue;
                };
                let was = known.remove(&key);
                let mac = check.read(proved(prover, name, &key, &columns, &row, 2), || {
                    format!("{name} {}", shown(&key))
                })?;
                if mac.is_some() && was != mac {
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
    for row in snapshot.look(Statement::from_string(backend, format!("{alone} LIMIT 1000"))).await?
    {
        check.looked += 1;
        check.fault(format!("{name} {} was put in", shown(&shown_text(&row, 0))));
    }
    let fits = kept.as_ref().map_or(count == 0, |head| {
        head.holds(prover) && head.count == count && (count == 0 || head.head == all)
    });
    if !fits {
        let was = kept.map_or(0, |head| head.count);
        check.fault(format!("{name}: its head says {was} rows, {count} have a digest; rows or the head were changed or removed"));
    }
    Ok(())
}
