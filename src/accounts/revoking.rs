//! Revoking tokens before their end. Every hub on a store learns of it within half a second.

use std::{sync::Arc, time::Duration};

use crate::{
    accounts::sign_in::now,
    audit::{entry::Entry, log::AuditLog},
    authz::{matching::SearchAuthor, revoked::Revocation, token::Tokens},
    context::OpCtx,
    error::{HubError, Of},
    store::{accounts::revocations::RevocationOrder, sql::database::Database},
};

/// Time between two looks at the store.
const PAUSE: Duration = Duration::from_millis(400);

/// Learns what was revoked before this hub answers anybody, and from then on as long as somebody
/// uses the tokens.
///
/// # Errors
///
/// What the database says.
pub(crate) async fn begin(database: Database, tokens: &Arc<Tokens>) -> Result<(), HubError> {
    let mut last = learn(&database, tokens, 0).await?;
    let tokens = Arc::downgrade(tokens);
    tokio::spawn(async move {
        loop {
            tokio::time::sleep(PAUSE).await;
            let Some(tokens) = tokens.upgrade() else { return };
            match learn(&database, &tokens, last).await {
                Ok(number) => last = number,
                // What was learnt goes on to hold; it is asked again.
                Err(error) => error.warn(Of::Hub, "revoked tokens could not be read"),
            }
        }
    });
    Ok(())
}

/// Takes over what was revoked after a number. Returns the last number there is, from which a store
/// that was put back is read anew.
async fn learn(database: &Database, tokens: &Tokens, after: i32) -> Result<i32, HubError> {
    let (all, last) = database.revocations(after, now()).await?;
    tokens.revoked.learn(all);
    if last >= after {
        return Ok(last);
    }
    tracing::warn!("the store holds fewer revocations than it did; all are read again");
    let (all, last) = database.revocations(0, now()).await?;
    tokens.revoked.learn(all);
    Ok(last)
}

/// Revokes tokens: for this hub at once, for the others as soon as they look.
///
/// # Errors
///
/// [`HubError::Invalid`] without a reason; what store and log say.
pub async fn revoke(
    (database, audit, tokens): (&Database, &AuditLog, &Tokens),
    by: SearchAuthor,
    ctx: &OpCtx,
    what: Revocation,
    reason: &str,
) -> Result<(), HubError> {
    let reason = reason.trim();
    if reason.is_empty() || reason.chars().count() > 200 {
        return Err(HubError::invalid(
            "请写明吊销原因，不超过 200 字。",
            "Say why it is revoked, in 200 characters at the most.",
        ));
    }
    if matches!(&what, Revocation::Subject(subject, _) if subject.trim().is_empty()) {
        return Err(HubError::invalid("请写明账号名称。", "Name the account."));
    }
    let named = match &what {
        Revocation::Token(token) => format!("token {token}"),
        Revocation::Subject(subject, _) => format!("tokens of {subject}"),
    };
    let subject = by.subject.clone();
    let entry = Entry::by(by, (ctx.now(), ctx.request()), format!("revoke {named}"), String::new());
    audit.begin(&entry).await?.written().await?;
    let order = RevocationOrder { what: &what, at: ctx.now(), reason, by: &subject };
    let what = database.revoke(&order).await?;
    // What was written is in force, whether or not the log can be written.
    tokens.revoked.learn([what]);
    audit.append(entry).await
}
