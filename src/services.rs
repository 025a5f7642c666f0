//! What a running hub holds, shared by all requests.

use std::sync::Arc;

use entity::catalogue::{Catalogue, Family};
use tokio_util::task::TaskTracker;

use crate::{
    accounts::{revoking, sign_in::SignIns},
    audit::{chain::START, log::AuditLog},
    authz::{
        actor::Actor,
        permit::Permit,
        policy::Policy,
        scope::{Scope, shared::SharedScopes},
        token::Tokens,
    },
    domain::disclosure::rules::Rules,
    error::HubError,
    feed::{self, Feed},
    keys::Keys,
    quota::{self, Quotas},
    readiness::Readiness,
    store::{
        disclosure,
        feed::checkpoint::FeedOffset,
        meeting::figure_cache::FigureCache,
        proof::prover::Prover,
        records::{
            page_indexes, read::Reader, statement_cache::StatementCache, unlisted::UnlistedRegions,
        },
        reference::Reference,
        seal::Seal,
        sql::database::Database,
    },
    submit::{pipeline::Submitter, shared_commits::SharedCommits},
};

/// The services of a running hub, shared by all requests.
#[derive(Clone)]
pub struct Services {
    /// Connections to the database, for reading and writing.
    pub database: Database,
    /// Declarations of all families, their fields and links.
    pub catalogue: Arc<Catalogue>,
    /// Code tables, as stored in the database.
    pub reference: Arc<Reference>,
    /// Regions with records that the code table no longer lists.
    pub unlisted: Arc<UnlistedRegions>,
    /// Work that goes on when the request that ordered it has ended; a hub that stops waits ten
    /// seconds for it.
    pub tasks: TaskTracker,
    /// Access policy: who may see and hand in what.
    pub policy: Arc<Policy>,
    /// The rights to read that the policy gives, each made once.
    pub scopes: Arc<SharedScopes>,
    /// Rules for statistics over records that the asker may not list.
    pub disclosure: Arc<Rules>,
    /// Keys of sealed columns.
    pub seal: Seal,
    /// Issues and verifies the signed tokens of actors.
    pub tokens: Arc<Tokens>,
    /// Signs people and systems in, and changes their accounts.
    pub sign_ins: Arc<SignIns>,
    /// Handle to the writer of the audit log.
    pub audit: AuditLog,
    /// Where submissions that come at the same time meet.
    pub commits: SharedCommits,
    /// The change feed.
    pub feed: Feed,
    /// Whether the hub is able to work.
    pub readiness: Readiness,
    /// Allowances of the organisations: rows, bytes, files and subscriptions.
    pub quotas: Arc<Quotas>,
    /// Cache of figures that were counted before.
    pub figures: Arc<FigureCache>,
    /// Cache of statements that were built before.
    pub statements: Arc<StatementCache>,
}

impl Services {
    /// Starts the parts on a migrated store.
    ///
    /// # Errors
    ///
    /// [`HubError::Invalid`] when the store was never migrated.
    pub async fn start(
        database: Database,
        catalogue: Arc<Catalogue>,
        policy: Arc<Policy>,
        keys: Arc<Keys>,
        feed: feed::FeedSettings,
        quotas: quota::QuotaSettings,
    ) -> Result<Self, HubError> {
        database.prove_with(Prover::new(&keys).ok_or_else(|| {
            HubError::invalid(
                "密钥文件中没有核验密钥。请停止所有服务并运行 lianfang migrate。",
                "The key file has no key to prove the store with. Stop all hubs and run `lianfang migrate`.",
            )
        })?);
        let reference = Arc::new(Reference::load(&database).await?);
        page_indexes::check(&database, &catalogue).await?;
        let unlisted = UnlistedRegions::load(&database, &catalogue, &reference).await?;
        let disclosure = Arc::new(disclosure::load(&reference, &catalogue)?);
        database.begin_chain().await?;
        database.audit_end(START).await?;
        let audit = AuditLog::start(database.clone());
        let tokens = Arc::new(Tokens::new(&keys)?);
        revoking::begin(database.clone(), &tokens).await?;
        let seal = Seal::new(keys);
        let sign_ins = SignIns::new(
            database.clone(),
            seal.clone(),
            audit.clone(),
            Arc::clone(&tokens),
            Arc::clone(&policy),
        )?;
        Ok(Self {
            disclosure,
            unlisted: Arc::new(unlisted),
            tasks: TaskTracker::new(),
            figures: Arc::default(),
            statements: Arc::default(),
            scopes: Arc::new(SharedScopes::new(Arc::clone(&policy))),
            quotas: Arc::new(Quotas::new(database.clone(), quotas)),
            readiness: Readiness::new(database.clone(), audit.clone()),
            audit,
            commits: SharedCommits::new(database.clone()),
            feed: Feed::start(database.clone(), feed),
            tokens,
            sign_ins: Arc::new(sign_ins),
            seal,
            database,
            catalogue,
            reference,
            policy,
        })
    }

    /// For reading records.
    #[must_use]
    pub fn reader(&self) -> Reader<'_> {
        Reader {
            database: &self.database,
            seal: &self.seal,
            reference: &self.reference,
            policy: &self.policy,
            unlisted: &self.unlisted,
            figures: &self.figures,
            statements: &self.statements,
        }
    }

    /// For handing in records.
    #[must_use]
    pub fn submitter(&self) -> Submitter {
        Submitter {
            database: self.database.clone(),
            seal: self.seal.clone(),
            reference: Arc::clone(&self.reference),
            unlisted: Arc::clone(&self.unlisted),
            catalogue: Arc::clone(&self.catalogue),
            audit: self.audit.clone(),
            commits: self.commits.clone(),
        }
    }

    /// The right of an actor to read a family.
    ///
    /// # Errors
    ///
    /// [`HubError::Forbidden`] when no role reads records.
    pub fn scope(&self, actor: &Actor, family: &'static Family) -> Result<Arc<Scope>, HubError> {
        self.scopes.get(actor, family)
    }

    /// The right of an actor to hand in a family.
    ///
    /// # Errors
    ///
    /// [`HubError::Forbidden`] when no role submits records or the department does not hold the
    /// family.
    pub fn permit(&self, actor: &Actor, family: &'static Family) -> Result<Permit, HubError> {
        Permit::new(&self.policy, actor, family)
    }

    /// The cursor with which `changes` gives an actor the changes of these families after a
    /// position. Families in any order.
    ///
    /// # Errors
    ///
    /// [`HubError::Forbidden`] when no role reads records, [`HubError::Unavailable`] when the
    /// database does not answer.
    pub async fn cursor(
        &self,
        actor: &Actor,
        families: &[&'static Family],
        point: FeedOffset,
    ) -> Result<String, HubError> {
        let mut families = families.to_vec();
        families.sort_by_key(|family| family.name);
        families.dedup_by_key(|family| family.name);
        let scopes = families
            .into_iter()
            .map(|family| self.scope(actor, family))
            .collect::<Result<Vec<_>, _>>()?;
        feed::cursor::sealed(&self.reader(), actor, &scopes, point).await
    }
}
