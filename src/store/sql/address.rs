//! What the address of a PostgreSQL says. What the driver would pass over in silence is refused by
//! name: whoever wrote it believes that it holds.

use sea_orm::sqlx::postgres::{PgConnectOptions, PgSslMode};

use crate::error::HubError;

/// Parameters that are honoured.
const HONOURED: [&str; 16] = [
    "host",
    "hostaddr",
    "port",
    "dbname",
    "user",
    "password",
    "sslmode",
    "ssl-mode",
    "sslrootcert",
    "ssl-root-cert",
    "sslcert",
    "ssl-cert",
    "sslkey",
    "ssl-key",
    "application_name",
    "options",
];

/// Parameters that others honour, and what stands in their place here.
const INSTEAD: [(&[&str], &str, &str); 4] = [
    (
        &["target_session_attrs", "load_balance_hosts"],
        "本程序只连接一个地址；请使用始终指向主库的地址（虚拟 IP、HAProxy 等）。备库上 /readyz 会返回 503。",
        "The hub connects to one address: give it one that always leads to the primary (a virtual address, HAProxy). On a standby \
         /readyz says 503.",
    ),
    (
        &["connect_timeout"],
        "建立连接最多等待 5 秒，不可另设；启动时等待多久由 database_wait_seconds 决定。",
        "A connection is waited for 5 seconds; `database_wait_seconds` says how long a start waits.",
    ),
    (
        &[
            "keepalives",
            "keepalives_idle",
            "keepalives_interval",
            "keepalives_count",
            "tcp_user_timeout",
        ],
        "无应答的连接由 statement_timeout_seconds 决定的期限放弃，并在数据库一侧设置了 keepalive；请去掉该参数。",
        "The hub gives a silent line up by itself, within a time that goes by `statement_timeout_seconds`, and sets keepalives on the \
         side of the server: leave the parameter out.",
    ),
    (
        &["ssl-ca", "channel_binding", "sslnegotiation"],
        "与数据库之间的 TLS 由 sslmode、sslrootcert、sslcert、sslkey 决定；请去掉该参数。",
        "TLS to the database goes by sslmode, sslrootcert, sslcert and sslkey: leave the parameter out.",
    ),
];

/// Refuses an address that asks for something it would not get.
///
/// # Errors
///
/// [`HubError::Invalid`] that names it; never the password.
pub(in crate::store) fn check(url: &str) -> Result<(), HubError> {
    let (whole, query) = url.split_once('?').unwrap_or((url, ""));
    let authority = whole
        .split_once("://")
        .map_or(whole, |(_, rest)| rest)
        .split('/')
        .next()
        .unwrap_or_default();
    let hosts = authority.rsplit_once('@').map_or(authority, |(_, hosts)| hosts);
    let pairs = || {
        query
            .split('&')
            .filter(|pair| !pair.is_empty())
            .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
    };
    let given = pairs()
        .filter(|(name, _)| matches!(*name, "host" | "hostaddr" | "port"))
        .map(|(_, value)| value);
    if std::iter::once(hosts)
        .chain(given)
        .any(|text| text.contains(',') || text.to_ascii_lowercase().contains("%2c"))
    {
        return Err(HubError::invalid(
            "数据库地址只能有一个主机。请使用始终指向主库的一个地址（虚拟 IP、HAProxy 等）。",
            "The address of the database names several hosts; the hub connects to one. Give it one address that always leads to the \
             primary (a virtual address, HAProxy).",
        ));
    }
    for (name, value) in pairs() {
        let own = name.starts_with("options[") || name.starts_with("options%5B");
        if let Some((_, zh, en)) = INSTEAD.iter().find(|(names, ..)| names.contains(&name)) {
            return Err(HubError::invalid(
                format!("数据库地址的参数 {name} 不起作用。{zh}"),
                format!("The parameter {name} of the database's address is not honoured. {en}"),
            ));
        }
        if !own && !HONOURED.contains(&name) {
            return Err(HubError::invalid(
                format!(
                    "数据库地址的参数 {name} 不被支持，请去掉。支持的有：{}。",
                    HONOURED.join("、")
                ),
                format!(
                    "The parameter {name} of the database's address is not known; leave it out. Known are {}.",
                    HONOURED.join(", ")
                ),
            ));
        }
        if matches!(name, "sslmode" | "ssl-mode") && value.parse::<PgSslMode>().is_err() {
            return Err(HubError::invalid(
                format!(
                    "sslmode={value} 不是可用的取值。可用：disable、allow、prefer、require、verify-ca、verify-full（跨网络请用 verify-full 并给出 sslrootcert）。"
                ),
                format!(
                    "sslmode={value} is not one that exists: disable, allow, prefer, require, verify-ca or verify-full (over a network verify-full, with sslrootcert)."
                ),
            ));
        }
    }
    let parsed = url.parse::<PgConnectOptions>();
    parsed.map(|_| ()).map_err(|error| {
        HubError::invalid(
            format!("数据库地址无法解析：{error}"),
            format!("The address of the database cannot be read: {error}"),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn what_would_not_hold_is_refused_by_name() {
        let at = "postgres://hub:geheim@db.example/lianfang";
        for (url, named) in [
            (format!("{at}?target_session_attrs=read-write"), "target_session_attrs"),
            (format!("{at}?connect_timeout=3"), "connect_timeout"),
            (format!("{at}?keepalives=1"), "keepalives"),
            (format!("{at}?tcp_user_timeout=3000"), "tcp_user_timeout"),
            (format!("{at}?application_name=a&no_such=1"), "no_such"),
            (format!("{at}?sslmode=verify-some"), "sslmode=verify-some"),
            (format!("{at}?channel_binding=require"), "channel_binding"),
            ("postgres://hub:geheim@a,b/lianfang".to_owned(), "several hosts"),
            ("postgres://hub:geheim@a:5432,b:5433/lianfang".to_owned(), "several hosts"),
            ("postgres:///lianfang?host=a,b".to_owned(), "several hosts"),
            ("postgres:///lianfang?host=a%2Cb".to_owned(), "several hosts"),
        ] {
            let error = check(&url).expect_err(&url);
            let text = error.text();
            assert!(text.en.contains(named), "{url}: {text:?}");
            assert!(!text.en.contains("geheim") && !text.zh.contains("geheim"), "{text:?}");
        }
    }

    #[test]
    fn what_holds_is_taken() {
        for url in [
            "postgres://hub:a%2Cb@db.example:5433/lianfang",
            "postgresql:///lianfang?host=/var/run/postgresql&user=hub&password=a",
            "postgres://hub@db/lianfang?sslmode=verify-full&sslrootcert=/etc/lianfang/ca.pem",
            "postgres://hub@db/lianfang?sslmode=prefer&application_name=hub&options[search_path]=hub&options=-c%20work_mem=8MB",
        ] {
            check(url).unwrap_or_else(|error| unreachable!("{url}: {:?}", error.text()));
        }
    }
}
