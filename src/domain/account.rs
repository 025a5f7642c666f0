//! Accounts: kinds, and the rules of passwords and attempts.
//!
//! Source: GB/T 22239-2019 clause 8.1.4.1 (identity: complexity of what proves it, limits on failed
//! attempts, two ways of proof). The numbers are the hub's own: the standard names none.

use strum::{IntoStaticStr, VariantArray};

/// Failed attempts in a row after which an account is locked.
pub const ATTEMPTS: i32 = 5;

/// Minutes for which it then is.
pub const LOCKED_MINUTES: i64 = 15;

/// Characters of a password at the least.
pub const SHORTEST: usize = 12;

/// Characters of a password at the most.
pub const LONGEST: usize = 200;

/// Characters of the name of an account at the most.
const LONGEST_LOGIN: usize = 64;

/// Names in which tokens are issued on the machine: an account of that name would end them.
const RESERVED: [&str; 2] = ["cli", "demo"];

/// Words with which passwords are guessed first (the tops of lists of passwords that became known),
/// and those of this hub.
const GUESSED: [&str; 24] = [
    "password",
    "passwd",
    "passw0rd",
    "p@ssw0rd",
    "qwerty",
    "qwertyuiop",
    "asdfgh",
    "zxcvbn",
    "1qaz2wsx",
    "admin",
    "administrator",
    "welcome",
    "letmein",
    "iloveyou",
    "monkey",
    "dragon",
    "abc123",
    "woaini",
    "mima",
    "changeme",
    "lianfang",
    "联防",
    "密码",
    "口令",
];

/// Who signs in with an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, VariantArray, IntoStaticStr)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum AccountKind {
    /// A person, with a password and a second factor, in a browser.
    Person,
    /// A system of a department, with a secret.
    System,
}

/// A wide letter or digit, as Chinese input methods make them, as the plain one.
#[must_use]
pub fn narrow(letter: char) -> char {
    match letter {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(letter as u32 - 0xfee0).unwrap_or(letter),
        '\u{3000}' => ' ',
        other => other,
    }
}

/// What is wrong with a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasswordFault {
    /// Too short or too long.
    Length,
    /// Fewer than three of small letters, capital letters, digits and other characters, or a few
    /// characters again and again.
    Plain,
    /// It holds the name of the account.
    Login,
    /// But for a word with which passwords are guessed, digits and signs, there is little in it.
    Guessed,
}

/// Whether a text may be the password of an account.
///
/// # Errors
///
/// The first fault that is found.
pub fn check_password(login: &str, password: &str) -> Result<(), PasswordFault> {
    let count = password.chars().count();
    if !(SHORTEST..=LONGEST).contains(&count) {
        return Err(PasswordFault::Length);
    }
    if password.to_lowercase().contains(&login.to_lowercase()) {
        return Err(PasswordFault::Login);
    }
    let kinds: [fn(char) -> bool; 4] = [
        |letter| letter.is_lowercase(),
        |letter| letter.is_uppercase(),
        |letter| letter.is_numeric(),
        |letter| !letter.is_alphanumeric() || letter as u32 > 0x2e80,
    ];
    let used = kinds.iter().filter(|kind| password.chars().any(**kind)).count();
    let mut different: Vec<char> = password.chars().collect();
    different.sort_unstable();
    different.dedup();
    if used < 3 || different.len() < SHORTEST / 2 {
        return Err(PasswordFault::Plain);
    }
    if is_guessed(&password.to_lowercase()) {
        return Err(PasswordFault::Guessed);
    }
    Ok(())
}

/// Whether a password is a word that is guessed first, with digits, signs or a letter or two around
/// it.
fn is_guessed(password: &str) -> bool {
    let mut words: Vec<&str> = GUESSED.into_iter().filter(|word| password.contains(word)).collect();
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    let rest = words.iter().fold(password.to_owned(), |rest, word| rest.replace(word, ""));
    let letters = rest.chars().filter(|letter| letter.is_alphabetic()).count();
    !words.is_empty() && letters < SHORTEST / 3
}

/// Whether a text may be the name of an account: it stands in tokens, logs and addresses, and is not
/// that of the hub.
#[must_use]
pub fn is_login(text: &str) -> bool {
    let fits = |letter: char| {
        letter.is_ascii_lowercase() || letter.is_ascii_digit() || ".-_@".contains(letter)
    };
    (2..=LONGEST_LOGIN).contains(&text.len())
        && !text.starts_with("lianfang")
        && !RESERVED.contains(&text)
        && text.chars().all(fits)
}

#[cfg(test)]
mod tests {
    use super::{PasswordFault, check_password, is_login};

    #[test]
    fn a_password_is_long_mixed_and_not_the_account() {
        for (password, wrong) in [
            ("Short1!", PasswordFault::Length),
            ("nothingbutletters", PasswordFault::Plain),
            ("Aa1!Aa1!Aa1!", PasswordFault::Plain),
            ("Wang.Clerk-2026!", PasswordFault::Login),
            ("Password1234", PasswordFault::Guessed),
            ("P@ssw0rd-2026", PasswordFault::Guessed),
            ("Qwerty123456", PasswordFault::Guessed),
            ("Lianfang-2026-A", PasswordFault::Guessed),
        ] {
            assert_eq!(check_password("wang.clerk", password), Err(wrong), "{password}");
        }
        assert_eq!(check_password("wang", &"Aa1!".repeat(51)), Err(PasswordFault::Length));
        for password in [
            "Blue-Harbour-2031",
            "三台矿井 Shuozhou 7 号",
            "Dragon-Kiln-Seven-41",
            "x9-Admin-Tq7-Lw",
        ] {
            assert_eq!(check_password("wang.clerk", password), Ok(()), "{password}");
        }
    }

    #[test]
    fn a_login_is_plain() {
        for good in ["wang.clerk", "hrss-140600", "a@b"] {
            assert!(is_login(good), "{good}");
        }
        for bad in ["a", "", "Wang", "wang clerk", "王", "a\nb", &"a".repeat(65), "lianfang", "cli"]
        {
            assert!(!is_login(bad), "{bad:?}");
        }
    }
}
