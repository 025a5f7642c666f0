//! Signing in with a local account: a name, a password, and the code of a second factor.
//!
//! Whoever fails is told nothing of why: not whether there is such an account, nor which of the
//! three was wrong, nor whether it is locked or disabled. An account that does not exist costs a
//! hash as well; only the attempt and its entry in the log, some milliseconds, are not written.

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use tokio::sync::{Semaphore, SemaphorePermit};
use zeroize::Zeroizing;

use crate::{
    accounts::{password, second},
    audit::{entry::Entry, log::AuditLog},
    authz::{
        identity::{PurposeCode, RoleCode},
        matching::SearchAuthor,
        officers::{AccountsPermit, pageless},
        policy::Policy,
        token::{IssuedToken, TokenRequest, Tokens},
    },
    context::OpCtx,
    domain::account::{ATTEMPTS, AccountKind, LONGEST, is_login},
    error::{HubError, Of, Text},
    store::{
        accounts::{attempts::AccountTurn, people::StoredAccount},
        seal::Seal,
        sql::database::Database,
    },
};

/// Seconds that a person stays signed in: a working day.
pub const SESSION: i64 = 8 * 3600;

/// Seconds that the token of a system holds.
pub const SYSTEM: i64 = 3600;

/// Passwords looked at at the same time: each takes 19 MiB and a core.
const PLACES: usize = 2;

/// Time that somebody waits for a place.
const PATIENCE: Duration = Duration::from_secs(5);

/// What somebody proves who they are with.
#[derive(Clone)]
pub struct Credentials {
    /// Name of the account.
    pub login: String,
    /// Its password, or the secret of a system.
    pub password: Zeroizing<String>,
    /// Code of the second factor, empty without one.
    pub code: String,
}

/// What becomes of the code that comes with a first password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum First {
    /// It may be used once more, to change the password.
    Kept,
    /// It is spent.
    Spent,
}

/// Signs people and systems in.
pub struct SignIns {
    pub(super) database: Database,
    pub(super) seal: Seal,
    pub(super) audit: AuditLog,
    pub(super) tokens: Arc<Tokens>,
    policy: Arc<Policy>,
    places: Semaphore,
    /// Hash of a password that nobody has, of the same cost as any other.
    nobody: String,
}

impl SignIns {
    /// Begins to sign in.
    ///
    /// # Errors
    ///
    /// [`HubError::Internal`] when there is no memory for a hash.
    pub fn new(
        database: Database,
        seal: Seal,
        audit: AuditLog,
        tokens: Arc<Tokens>,
        policy: Arc<Policy>,
    ) -> Result<Self, HubError> {
        let nobody = password::hashed(&password::made())?;
        Ok(Self { database, seal, audit, tokens, policy, places: Semaphore::new(PLACES), nobody })
    }

    /// Signs in an account of a kind and gives it a token.
    ///
    /// # Errors
    ///
    /// [`HubError::Unauthenticated`], whatever is wrong; [`HubError::Forbidden`] where the password
    /// is right and has to be changed first.
    pub async fn sign_in(
        &self,
        ctx: &OpCtx,
        kind: AccountKind,
        credentials: Credentials,
    ) -> Result<IssuedToken, HubError> {
        // A token is as old as what was read of its account: whatever changes after that revokes
        // it too.
        let (account, read_at) = self.proved(ctx, (kind, First::Kept), credentials).await?;
        if let Some(refusal) = self.refusal(kind, &account) {
            // The password was right: the log says so, whatever came of it.
            let told = "password right, not signed in".to_owned();
            self.audit.append(self.entry(ctx, &account, told, refusal.code())).await?;
            return Err(refusal);
        }
        let order = TokenRequest {
            subject: account.login.clone(),
            department: account.department.clone(),
            region: account.region.clone(),
            roles: account.roles.clone(),
            // Nobody gives themselves a case: its number is answered for by whoever issues the token.
            purpose: PurposeCode::ROUTINE.as_str().to_owned(),
            ticket: None,
            seconds: if kind == AccountKind::Person { SESSION } else { SYSTEM },
        };
        let issued = match kind {
            AccountKind::Person => {
                self.tokens.issue_session(&self.policy, order, ctx.now(), read_at)?
            }
            AccountKind::System => {
                self.tokens.issue_in_turn(&self.policy, order, ctx.now(), read_at)?
            }
        };
        let entry = self.entry(ctx, &account, format!("sign in, token {}", issued.number), "OK");
        self.audit.append(entry).await?;
        Ok(issued)
    }

    /// Why somebody who has proved to own an account is not signed in.
    fn refusal(&self, kind: AccountKind, account: &StoredAccount) -> Option<HubError> {
        if account.must_change {
            return Some(HubError::forbidden(
                "初始口令只能用来修改口令。请先修改口令，再用新口令登录。",
                "A first password is for changing it alone. Change it, then sign in with the new one.",
            ));
        }
        (kind == AccountKind::Person && !self.reads(account)).then(|| pageless(&account.roles))
    }

    /// Gives an account the password that its owner chose, and ends what it was signed in with.
    ///
    /// # Errors
    ///
    /// As [`SignIns::sign_in`]; [`HubError::Invalid`] for a password that is none, or the old one.
    pub async fn change_password(
        &self,
        ctx: &OpCtx,
        credentials: Credentials,
        chosen: &Zeroizing<String>,
    ) -> Result<(), HubError> {
        password::checked(&credentials.login, chosen)?;
        if *credentials.password == **chosen {
            return Err(HubError::invalid(
                "新口令与原口令相同。请换一个。",
                "The new password is the old one. Choose another.",
            ));
        }
        let (account, _) =
            self.proved(ctx, (AccountKind::Person, First::Spent), credentials).await?;
        let hash = self.hashed(chosen.clone()).await?;
        let permit = AccountsPermit::own(self.author(&account));
        let changed = StoredAccount { password: hash, must_change: false, ..account };
        self.keep(ctx, &permit, changed, "change own password").await
    }

    /// The account that somebody has proved to be, and when it was read.
    async fn proved(
        &self,
        ctx: &OpCtx,
        (kind, first): (AccountKind, First),
        given: Credentials,
    ) -> Result<(StoredAccount, DateTime<Utc>), HubError> {
        // Before the attempt is counted: whoever finds the hub busy has not failed.
        let place = self.place().await?;
        let fits = is_login(&given.login) && given.password.chars().count() <= LONGEST;
        let found =
            if fits { self.database.account_opened(&given.login, kind, &now).await? } else { None };
        let hash = found.as_ref().map_or(&self.nobody, |(account, _)| &account.password).clone();
        let right = self.fits(given.password.clone(), hash, place).await?;
        let Some((account, AccountTurn { read_at, open, failures })) = found else {
            metrics::counter!("lianfang_sign_ins_total", "outcome" => "unknown").increment(1);
            return Err(wrong(kind));
        };
        let step = match &account.second {
            Some(sealed) => second::step(
                &self.seal,
                (account.id, &account.login),
                sealed,
                &given.code,
                ctx.now().timestamp(),
            )
            .unwrap_or_else(|error| {
                error.alarm(Of::Request(ctx.request()), "a second factor does not open");
                None
            }),
            None => Some(0),
        };
        let passed = match step {
            Some(step) if open && right && account.disabled_at.is_none() => {
                let kept = account.must_change && first == First::Kept;
                self.database.account_passed(account.id, if kept { 0 } else { step }).await?
            }
            _ => false,
        };
        if passed {
            metrics::counter!("lianfang_sign_ins_total", "outcome" => "passed").increment(1);
            return Ok((account, read_at));
        }
        metrics::counter!("lianfang_sign_ins_total", "outcome" => "failed").increment(1);
        // The log grows by the attempts that count, not by those at a locked door; by those at a
        // system's, which is never locked, less and less.
        if open && (failures <= ATTEMPTS || failures.count_ones() == 1) {
            let entry = self.entry(ctx, &account, "failed sign in".to_owned(), "UNAUTHENTICATED");
            self.audit.append(entry).await?;
        }
        Err(wrong(kind))
    }

    async fn fits(
        &self,
        password: Zeroizing<String>,
        hash: String,
        _place: SemaphorePermit<'_>,
    ) -> Result<bool, HubError> {
        let fits = tokio::task::spawn_blocking(move || password::fits(&password, &hash));
        fits.await.map_err(HubError::internal)
    }

    /// The hash of a password, made where it holds nobody up.
    pub(super) async fn hashed(&self, password: Zeroizing<String>) -> Result<String, HubError> {
        let _place = self.place().await?;
        let hashed = tokio::task::spawn_blocking(move || password::hashed(&password));
        hashed.await.map_err(HubError::internal)?
    }

    /// Whether an account may read anything that has a page.
    fn reads(&self, account: &StoredAccount) -> bool {
        let own = |role: &&RoleCode| account.roles.iter().any(|name| name == role.as_str());
        let roles: Vec<RoleCode> = self.policy.roles().filter(own).cloned().collect();
        self.policy.reads(&roles)
    }

    async fn place(&self) -> Result<SemaphorePermit<'_>, HubError> {
        let place = tokio::time::timeout(PATIENCE, self.places.acquire()).await;
        place
            .ok()
            .and_then(Result::ok)
            .ok_or_else(|| HubError::Unavailable("too many sign in at the same time".into()))
    }

    fn author(&self, account: &StoredAccount) -> SearchAuthor {
        SearchAuthor {
            subject: account.login.clone(),
            department: account.department.clone(),
            region: account.region.clone(),
            roles: account.roles.join("|"),
            purpose: String::new(),
            ticket: None,
        }
    }

    fn entry(
        &self,
        ctx: &OpCtx,
        account: &StoredAccount,
        operation: String,
        outcome: &str,
    ) -> Entry {
        let at = (ctx.now(), ctx.request());
        Entry {
            outcome: outcome.to_owned(),
            ..Entry::by(self.author(account), at, operation, String::new())
        }
    }
}

/// The time as it is.
pub(super) fn now() -> DateTime<Utc> {
    OpCtx::begin("account").now()
}

fn wrong(kind: AccountKind) -> HubError {
    if kind == AccountKind::System {
        return HubError::Unauthenticated(Text::new(
            "系统账号或密钥不正确，或账号已停用。请核对 client_id 和 client_secret；忘记密钥的，请联系平台管理员重置。",
            "The system's account or secret is not right, or the account is disabled. Check client_id and client_secret; whoever runs the hub resets a lost secret.",
        ));
    }
    HubError::Unauthenticated(Text::new(
        "账号、口令或动态口令不正确，或账号暂时不能登录。请核对后再试；连续五次不正确，账号锁定十五分钟。忘记口令的，请联系平台管理员。",
        "Account, password or code is not right, or the account cannot sign in now. Try again; after five failures it is locked for fifteen minutes. Whoever runs the hub helps with a lost password.",
    ))
}
