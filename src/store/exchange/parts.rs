//! Content of files being taken in, packed and sealed, in parts of one size; and answers to chunks
//! of files that write no receipt. Which job's is said by the permit alone, and each statement asks
//! whether the job is of its organisation and family.

use sea_orm::Value;

use crate::{
    authz::permit::JobPermit,
    error::HubError,
    store::{
        seal::Seal,
        sql::{
            database::{Database, Transaction},
            statement::statement,
        },
    },
};

/// Bytes of a part, except the last of a file.
pub const PART: usize = 1 << 20;
/// How hard a part is packed: quickly.
const LEVEL: i32 = 1;

/// A part as it is kept.
struct StoredPart {
    content: Vec<u8>,
    packed: bool,
}

/// Packs a part, where that makes it shorter, and seals it. Both take their time, so it is done on
/// a thread for that.
async fn sealed(seal: &Seal, place: String, bytes: &[u8]) -> Result<StoredPart, HubError> {
    let (seal, bytes) = (seal.clone(), bytes.to_vec());
    let work = move || {
        let shorter =
            zstd::bulk::compress(&bytes, LEVEL).ok().filter(|short| short.len() < bytes.len());
        let packed = shorter.is_some();
        let content = seal.seal_bytes(&place, shorter.as_deref().unwrap_or(&bytes))?;
        Ok(StoredPart { content, packed })
    };
    tokio::task::spawn_blocking(work).await.map_err(HubError::internal)?
}

/// What a part is bound to: its job, its number there, and the organisation whose file it is.
fn place(permit: &JobPermit, number: i32) -> String {
    format!(
        "{}|{}|{}",
        unbound(permit, number),
        permit.rows().department().as_str(),
        permit.rows().region().as_str()
    )
}

/// The same of parts that came before they were bound to an organisation; none is kept for longer
/// than some days.
fn unbound(permit: &JobPermit, number: i32) -> String {
    format!("exchange_parts.{}.{number}", permit.job())
}

/// The job of a permit.
const OWN: &str = "id = ? AND department = ? AND region_code = ? AND family = ?";

/// Values of [`OWN`].
fn own(permit: &JobPermit) -> [Value; 4] {
    let rows = permit.rows();
    [
        permit.job().into(),
        rows.department().as_str().into(),
        rows.region().as_str().into(),
        rows.family().name.into(),
    ]
}

/// Ends a transaction by what came of it.
async fn ended<T>(transaction: Transaction, result: Result<T, HubError>) -> Result<T, HubError> {
    match result {
        Ok(value) => transaction.commit().await.map(|()| value),
        Err(error) => {
            transaction.rollback().await;
            Err(error)
        }
    }
}

impl Database {
    /// Adds content to a job that is still receiving, behind what is there: the upload and the
    /// bytes that are there are the sender's word for where it goes on. Returns the bytes there are
    /// then and those that are kept for them, or nothing when another upload has taken the job
    /// over.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub async fn part_append(
        &self,
        permit: &JobPermit,
        seal: &Seal,
        (generation, received): (i32, i64),
        bytes: &[u8],
    ) -> Result<Option<(i64, i64)>, HubError> {
        let size = i64::try_from(PART).unwrap_or(i64::MAX);
        let number = i32::try_from(received / size).map_err(HubError::internal)?;
        let StoredPart { content, packed } = sealed(seal, place(permit, number), bytes).await?;
        let length = i64::try_from(content.len()).unwrap_or(i64::MAX);
        // A part that was not full is written again, whole.
        let after = i64::from(number) * size + i64::try_from(bytes.len()).unwrap_or_default();
        let backend = self.backend();
        let transaction = self.begin().await?;
        let result = async {
            let mine = format!(
                "UPDATE exchange_jobs SET received = ?, kept_bytes = kept_bytes + ? - \
                 COALESCE((SELECT LENGTH(content) FROM exchange_parts WHERE job_id = exchange_jobs.id AND number = ?), 0) \
                 WHERE {OWN} AND generation = ? AND received = ? AND state = 'RECEIVING' RETURNING kept_bytes"
            );
            let values = [after.into(), length.into(), number.into()].into_iter().chain(own(permit));
            let values = values.chain([generation.into(), received.into()]).collect();
            let rows = transaction.all(statement(backend, &mine, values)).await?;
            let Some(row) = rows.first() else { return Ok(None) };
            let put = "INSERT INTO exchange_parts (job_id, number, content, packed) VALUES (?, ?, ?, ?) \
                ON CONFLICT (job_id, number) DO UPDATE SET content = excluded.content, packed = excluded.packed";
            let values = vec![permit.job().into(), number.into(), content.into(), i32::from(packed).into()];
            transaction.run(statement(backend, put, values)).await?;
            Ok(Some((after, row.try_get_by_index(0)?)))
        }
        .await;
        ended(transaction, result).await
    }

    /// Begins the upload of a job anew. Returns its new generation, or nothing when its content is
    /// whole already.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub async fn parts_restart(&self, permit: &JobPermit) -> Result<Option<i32>, HubError> {
        let backend = self.backend();
        let transaction = self.begin().await?;
        let result = async {
            let mine = format!(
                "UPDATE exchange_jobs SET generation = generation + 1, received = 0, kept_bytes = 0 \
                 WHERE {OWN} AND state = 'RECEIVING' RETURNING generation"
            );
            let rows = transaction.all(statement(backend, &mine, own(permit).into())).await?;
            let Some(row) = rows.first() else { return Ok(None) };
            let empty = "DELETE FROM exchange_parts WHERE job_id = ?";
            transaction.run(statement(backend, empty, vec![permit.job().into()])).await?;
            Ok(Some(row.try_get_by_index(0)?))
        }
        .await;
        ended(transaction, result).await
    }

    /// Says that the content of a job is whole: a worker may begin. Returns whether it was this
    /// upload's to say.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub async fn parts_whole(
        &self,
        permit: &JobPermit,
        (generation, received): (i32, i64),
        digest: &str,
    ) -> Result<bool, HubError> {
        let sql = format!(
            "UPDATE exchange_jobs SET state = 'QUEUED', content_digest = ? \
             WHERE {OWN} AND generation = ? AND received = ? AND state = 'RECEIVING'"
        );
        let values = [digest.into()]
            .into_iter()
            .chain(own(permit))
            .chain([generation.into(), received.into()])
            .collect();
        let transaction = self.begin().await?;
        let result = transaction
            .run(statement(self.backend(), &sql, values))
            .await
            .map(|number| number == 1);
        ended(transaction, result).await
    }

    /// A part of a job's content.
    ///
    /// # Errors
    ///
    /// [`HubError::Internal`] when it does not open.
    pub async fn part(
        &self,
        permit: &JobPermit,
        seal: &Seal,
        number: i32,
    ) -> Result<Option<Vec<u8>>, HubError> {
        let sql = format!(
            "SELECT content, packed FROM exchange_parts WHERE number = ? AND job_id = (SELECT id FROM exchange_jobs WHERE {OWN})"
        );
        let values = [number.into()].into_iter().chain(own(permit)).collect();
        let Some(row) = self.one(statement(self.backend(), &sql, values)).await? else {
            return Ok(None);
        };
        let (sealed, packed): (Vec<u8>, i32) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
        let content = seal.open_bytes(&place(permit, number), &sealed).or_else(|error| {
            seal.open_bytes(&unbound(permit, number), &sealed).map_err(|_| error)
        })?;
        if packed == 0 {
            Ok(Some(content))
        } else {
            zstd::bulk::decompress(&content, PART).map(Some).map_err(HubError::internal)
        }
    }

    /// Keeps answers to chunks of a job, by number. What is there stays.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub async fn answers_keep(
        &self,
        permit: &JobPermit,
        answers: &[(i32, String)],
    ) -> Result<(), HubError> {
        let transaction = self.begin().await?;
        let result = async {
            let sql = format!(
                "INSERT INTO exchange_answers (job_id, number, content) SELECT id, ?, ? FROM exchange_jobs WHERE {OWN} \
                 ON CONFLICT DO NOTHING"
            );
            for (number, answer) in answers {
                let values = [(*number).into(), answer.as_str().into()].into_iter().chain(own(permit)).collect();
                transaction.run(statement(self.backend(), &sql, values)).await?;
            }
            Ok(())
        }
        .await;
        ended(transaction, result).await
    }

    /// The kept answer to a chunk of a job.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub async fn answer(
        &self,
        permit: &JobPermit,
        number: i32,
    ) -> Result<Option<String>, HubError> {
        let sql = format!(
            "SELECT content FROM exchange_answers WHERE number = ? AND job_id = (SELECT id FROM exchange_jobs WHERE {OWN})"
        );
        let values = [number.into()].into_iter().chain(own(permit)).collect();
        let row = self.one(statement(self.backend(), &sql, values)).await?;
        Ok(row.map(|row| row.try_get_by_index(0)).transpose()?)
    }
}
