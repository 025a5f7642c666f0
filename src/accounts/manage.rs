//! Making and changing accounts. Whatever an account was signed in with ends when it is changed.

use uuid::Uuid;
use zeroize::Zeroizing;

use crate::{
    accounts::{
        password, second,
        sign_in::{SignIns, now},
    },
    audit::entry::Entry,
    authz::{
        officers::{AccountsPermit, assignable},
        policy::Policy,
    },
    context::OpCtx,
    domain::account::{AccountKind, is_login},
    error::HubError,
    store::accounts::people::StoredAccount,
};

/// What a new account is to be.
#[derive(Clone, Debug)]
pub struct AccountOrder {
    /// Name it signs in with.
    pub login: String,
    /// Who or what it is, in words.
    pub name: String,
    /// Whether a person or a system signs in with it.
    pub kind: AccountKind,
    /// Code of the department.
    pub department: String,
    /// Code of the region that the organisation serves.
    pub region: String,
    /// Codes of the roles.
    pub roles: Vec<String>,
}

/// A change of an account.
#[derive(Clone, Debug)]
pub enum AccountChange {
    /// Other roles.
    Roles(Vec<String>),
    /// It may not sign in any more.
    Disable,
    /// It may sign in again.
    Enable,
    /// A new password by chance, to be changed at the first sign-in.
    Password,
    /// A new second factor.
    Second,
    /// No second factor.
    NoSecond,
}

impl SignIns {
    /// Makes an account. Returns its first password, or the secret of a system.
    ///
    /// # Errors
    ///
    /// [`HubError::Invalid`] for codes that are not known, roles that exclude each other, and names
    /// that cannot be; [`HubError::Conflict`] when the name is taken.
    pub async fn add(
        &self,
        (policy, permit): (&Policy, &AccountsPermit),
        ctx: &OpCtx,
        order: AccountOrder,
    ) -> Result<Zeroizing<String>, HubError> {
        assignable(policy, &order.department, &order.region, &order.roles)?;
        let name = order.name.trim();
        if !is_login(&order.login)
            || name.is_empty()
            || name.chars().count() > 60
            || name.chars().any(char::is_control)
        {
            return Err(HubError::invalid(
                "账号名称只能用小写字母、数字和 . - _ @，2 至 64 个；姓名或系统名称不超过 60 字。请修改。",
                "An account has a name of 2 to 64 small letters, digits and `. - _ @`, and says in 60 characters who or what it is.",
            ));
        }
        let made = Zeroizing::new(password::made());
        let new = StoredAccount {
            id: Uuid::now_v7(),
            login: order.login,
            name: name.to_owned(),
            kind: order.kind,
            department: order.department,
            region: order.region,
            roles: once(order.roles),
            password: self.hashed(made.clone()).await?,
            must_change: order.kind == AccountKind::Person,
            second: None,
            disabled_at: None,
            version: 1,
        };
        let what = format!("add account {} {}", new.login, new.roles.join("|"));
        let entry =
            Entry::by(permit.author().clone(), (ctx.now(), ctx.request()), what, String::new());
        self.audit.begin(&entry).await?.written().await?;
        if !self.database.account_add(permit, &new, ctx.now()).await? {
            return Err(HubError::conflict(
                "已有同名账号。请换一个名称。",
                "There is an account of that name. Choose another.",
            ));
        }
        self.audit.append(entry).await?;
        Ok(made)
    }

    /// Changes an account. Returns what is told once: a new password, or the address for an
    /// authenticator.
    ///
    /// # Errors
    ///
    /// [`HubError::Invalid`] for an account that there is not and roles that exclude each other;
    /// [`HubError::Conflict`] when somebody else changes it at the same moment.
    pub async fn change(
        &self,
        (policy, permit): (&Policy, &AccountsPermit),
        ctx: &OpCtx,
        login: &str,
        change: AccountChange,
    ) -> Result<Option<Zeroizing<String>>, HubError> {
        let mut account = self.database.account(login).await?.ok_or_else(|| {
            HubError::invalid(
                format!("没有账号 {login}。可用 lianfang account list 查看。"),
                format!("There is no account {login}. `lianfang account list` shows them."),
            )
        })?;
        let mut told = None;
        let what = match change {
            AccountChange::Roles(roles) => {
                let roles = once(roles);
                assignable(policy, &account.department, &account.region, &roles)?;
                let what = format!("give account {login} {}", roles.join("|"));
                account.roles = roles;
                what
            }
            AccountChange::Disable => {
                account.disabled_at.get_or_insert(ctx.now());
                format!("disable account {login}")
            }
            AccountChange::Enable => {
                account.disabled_at = None;
                format!("enable account {login}")
            }
            AccountChange::Password => {
                let made = Zeroizing::new(password::made());
                account.password = self.hashed(made.clone()).await?;
                account.must_change = account.kind == AccountKind::Person;
                told = Some(made);
                format!("reset password of account {login}")
            }
            AccountChange::Second if account.kind == AccountKind::System => {
                return Err(HubError::invalid(
                    "系统账号凭密钥换取令牌，不使用动态口令。",
                    "A system trades its secret for tokens and has no second factor.",
                ));
            }
            AccountChange::Second => {
                let (sealed, address) = second::made(&self.seal, account.id, login)?;
                account.second = Some(sealed);
                told = Some(Zeroizing::new(address));
                format!("set second factor of account {login}")
            }
            AccountChange::NoSecond => {
                account.second = None;
                format!("remove second factor of account {login}")
            }
        };
        self.keep(ctx, permit, account, &what).await?;
        Ok(told)
    }

    /// Keeps a changed account and revokes its tokens.
    pub(super) async fn keep(
        &self,
        ctx: &OpCtx,
        permit: &AccountsPermit,
        account: StoredAccount,
        what: &str,
    ) -> Result<(), HubError> {
        let entry = Entry::by(
            permit.author().clone(),
            (ctx.now(), ctx.request()),
            what.to_owned(),
            String::new(),
        );
        self.audit.begin(&entry).await?.written().await?;
        let changed = self.database.account_change(permit, &account, (&now, what)).await?;
        let Some(revoked) = changed else {
            return Err(HubError::conflict(
                "该账号刚被他人修改。请重试。",
                "The account was changed by somebody else just now. Try again.",
            ));
        };
        self.tokens.revoked.learn([revoked]);
        self.audit.append(entry).await
    }
}

/// Each role once, in the order given.
fn once(roles: Vec<String>) -> Vec<String> {
    let mut own = Vec::with_capacity(roles.len());
    for role in roles {
        if !own.contains(&role) {
            own.push(role);
        }
    }
    own
}
