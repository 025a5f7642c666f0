//! Passwords: Argon2id hashes, and passwords made for somebody.

use argon2::{
    Argon2, PasswordHash, PasswordHasher as _, PasswordVerifier as _,
    password_hash::{SaltString, rand_core::OsRng},
};
use rand::{Rng as _, seq::SliceRandom as _};

use crate::{
    domain::account::{LONGEST, PasswordFault, SHORTEST, check_password},
    error::HubError,
};

/// Letters and digits that are not mistaken for each other.
const GROUPS: [&str; 3] = ["abcdefghijkmnpqrstuvwxyz", "ABCDEFGHJKLMNPQRSTUVWXYZ", "23456789"];

/// Characters of a password that the hub makes: about 95 bits.
const MADE: usize = 17;

/// The Argon2id hash of a password, in the PHC form, with the parameters that OWASP recommends (19
/// MiB, two passes).
///
/// # Errors
///
/// [`HubError::Internal`] when there is no memory for it.
pub(super) fn hashed(password: &str) -> Result<String, HubError> {
    let salt = SaltString::generate(&mut OsRng);
    let hash = Argon2::default().hash_password(password.as_bytes(), &salt);
    hash.map(|hash| hash.to_string()).map_err(HubError::internal)
}

/// Whether a password is the one with this hash.
pub(super) fn fits(password: &str, hash: &str) -> bool {
    PasswordHash::new(hash)
        .is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
}

/// A password by chance.
pub(super) fn made() -> String {
    let mut chance = rand::rngs::OsRng;
    let letters: Vec<u8> = GROUPS.concat().into_bytes();
    loop {
        let made: Vec<u8> =
            (0..MADE).filter_map(|_| letters.choose(&mut chance).copied()).collect();
        // Never the same place for the same kind of letter.
        let place = chance.gen_range(4..MADE - 4);
        let mut text: String = made.into_iter().map(char::from).collect();
        text.insert(place, '-');
        if check_password("\u{1f}", &text).is_ok() {
            return text;
        }
    }
}

/// Says what is wrong with a password that somebody chose.
///
/// # Errors
///
/// [`HubError::Invalid`].
pub(super) fn checked(login: &str, password: &str) -> Result<(), HubError> {
    check_password(login, password).map_err(|fault| match fault {
        PasswordFault::Length => HubError::invalid(
            format!("口令须为 {SHORTEST} 至 {LONGEST} 个字符。请换一个。"),
            format!("A password has {SHORTEST} to {LONGEST} characters. Choose another."),
        ),
        PasswordFault::Plain => HubError::invalid(
            "口令过于简单：须含小写字母、大写字母、数字、其他字符中的三类，且不能由少数字符重复而成。请换一个。",
            "The password is too plain: use three of small letters, capitals, digits and other characters, and not a few again and again.",
        ),
        PasswordFault::Guessed => HubError::invalid(
            "口令由常用口令加数字或符号构成，容易被猜中。请换一个。",
            "The password is a common one with digits or signs around it, and guessed easily. Choose another.",
        ),
        PasswordFault::Login => HubError::invalid(
            "口令不能含有账号名称。请换一个。",
            "A password does not hold the name of its account. Choose another.",
        ),
    })
}

#[cfg(test)]
mod tests {
    use super::{fits, hashed, made};
    use crate::domain::account::check_password;

    #[test]
    fn only_the_password_fits_its_hash() {
        let hash = hashed("Blue-Harbour-2031").expect("a hash");
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(fits("Blue-Harbour-2031", &hash));
        for other in ["blue-Harbour-2031", "", "Blue-Harbour-2031 "] {
            assert!(!fits(other, &hash), "{other}");
        }
        assert!(!fits("Blue-Harbour-2031", "no hash"));
    }

    #[test]
    fn made_passwords_are_passwords_and_differ() {
        let all: std::collections::BTreeSet<String> = (0..50).map(|_| made()).collect();
        assert_eq!(all.len(), 50);
        assert!(all.iter().all(|password| check_password("clerk", password).is_ok()), "{all:?}");
    }
}
