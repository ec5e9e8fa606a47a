//! Passwords: argon2id, hashed away from the threads that answer requests, a few at a time.
//!
//! An attacker who signs in all day must neither stop the others (a bounded number of hashes runs at once) nor
//! learn from the time an answer takes whether an account exists (an unknown account costs the same hash).

use std::sync::Arc;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use hutong_kernel::refusal::Refusal;
use thiserror::Error;
use tokio::sync::Semaphore;

/// Memory of a hash. Unit: KiB. OWASP password storage, argon2id, second choice (19 MiB, 2, 1).
const MEMORY_KIB: u32 = 19 * 1024;
/// Passes over the memory.
const PASSES: u32 = 2;
/// Lanes.
const LANES: u32 = 1;
/// Hashes that run at once.
const AT_ONCE_MAX: usize = 2;
/// Callers that may wait for a hash; more are refused.
const WAITING_MAX: usize = 64;

/// Fewest characters of a new password.
pub const PASSWORD_CHARS_MIN: usize = 10;
/// Most characters of a new password; a hash of megabytes is an attack.
pub const PASSWORD_CHARS_MAX: usize = 256;

/// Beginnings that make a long password as weak as a short one.
const COMMON: [&str; 12] = [
    "1234567890",
    "0123456789",
    "password",
    "qwertyuiop",
    "abcdefghij",
    "1111111111",
    "0000000000",
    "8888888888",
    "iloveyou",
    "admin12345",
    "beijing2008",
    "1qaz2wsx3e",
];

/// Hashes and checks passwords. Cheap to clone.
#[derive(Clone)]
pub struct Passwords(Arc<Inner>);

struct Inner {
    argon2: Argon2<'static>,
    running: Semaphore,
    waiting: Semaphore,
    /// What the password of an unknown account is checked against.
    nobody: String,
}

/// A new password that is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum WeakPassword {
    /// Too short.
    #[error("password has {length} characters")]
    TooShort {
        /// Its characters.
        length: usize,
    },
    /// Too long.
    #[error("password is too long")]
    TooLong,
    /// Known to everybody who guesses passwords.
    #[error("password is common")]
    TooCommon,
}

impl Refusal for WeakPassword {
    fn code(&self) -> &'static str {
        match self {
            Self::TooShort { .. } => "password.too_short",
            Self::TooLong => "password.too_long",
            Self::TooCommon => "password.too_common",
        }
    }
    fn values(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::TooShort { length } => {
                vec![("length", length.to_string()), ("min", PASSWORD_CHARS_MIN.to_string())]
            }
            Self::TooLong => vec![("max", PASSWORD_CHARS_MAX.to_string())],
            Self::TooCommon => Vec::new(),
        }
    }
}

/// Is `password` good enough to be set?
///
/// # Errors
/// [`WeakPassword`].
pub fn check_strength(password: &str) -> Result<(), WeakPassword> {
    let length = password.chars().count();
    if length < PASSWORD_CHARS_MIN {
        return Err(WeakPassword::TooShort { length });
    }
    if PASSWORD_CHARS_MAX < length {
        return Err(WeakPassword::TooLong);
    }
    let lower = password.to_lowercase();
    let first = lower.chars().next();
    if COMMON.iter().any(|common| lower.starts_with(common)) || lower.chars().all(|c| Some(c) == first) {
        return Err(WeakPassword::TooCommon);
    }
    Ok(())
}

/// A password that could not be hashed or checked.
#[derive(Debug, Error)]
pub enum PasswordFault {
    /// Too many callers wait already.
    #[error("too many passwords are being checked")]
    Busy,
    /// A stored hash that cannot be read, or an argon2 failure.
    #[error("argon2: {0}")]
    Hash(String),
    /// The hashing task did not come back.
    #[error("the hashing task stopped")]
    Stopped(#[source] tokio::task::JoinError),
}

impl Passwords {
    /// With the product's parameters.
    ///
    /// # Errors
    /// [`PasswordFault::Hash`] when argon2 refuses the parameters.
    pub fn new() -> Result<Self, PasswordFault> {
        Self::with(MEMORY_KIB, PASSES)
    }

    /// With parameters that are as cheap as argon2 allows: for tests only.
    ///
    /// # Errors
    /// As [`Passwords::new`].
    pub fn cheap() -> Result<Self, PasswordFault> {
        Self::with(8, 1)
    }

    fn with(memory_kib: u32, passes: u32) -> Result<Self, PasswordFault> {
        let params =
            Params::new(memory_kib, passes, LANES, None).map_err(|e| PasswordFault::Hash(e.to_string()))?;
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let nobody = hash_now(&argon2, "nobody has this password")?;
        Ok(Self(Arc::new(Inner {
            argon2,
            running: Semaphore::new(AT_ONCE_MAX),
            waiting: Semaphore::new(WAITING_MAX),
            nobody,
        })))
    }

    /// The PHC string of a password, with a fresh salt.
    ///
    /// # Errors
    /// [`PasswordFault`].
    pub async fn hash(&self, password: &str) -> Result<String, PasswordFault> {
        let password = password.to_owned();
        self.run(move |inner| hash_now(&inner.argon2, &password)).await
    }

    /// Does `password` fit `stored`? `None` stands for an account that is not there: it costs the same and
    /// never fits.
    ///
    /// # Errors
    /// [`PasswordFault`].
    pub async fn verify(&self, password: &str, stored: Option<&str>) -> Result<bool, PasswordFault> {
        let (password, stored) = (password.to_owned(), stored.map(str::to_owned));
        self.run(move |inner| {
            let phc = stored.as_deref().unwrap_or(&inner.nobody);
            let hash = PasswordHash::new(phc).map_err(|e| PasswordFault::Hash(e.to_string()))?;
            let fits = inner.argon2.verify_password(password.as_bytes(), &hash).is_ok();
            Ok(fits && stored.is_some())
        })
        .await
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Inner) -> Result<T, PasswordFault> + Send + 'static,
    ) -> Result<T, PasswordFault> {
        let inner = Arc::clone(&self.0);
        let _place = self.0.waiting.try_acquire().map_err(|_closed_or_full| PasswordFault::Busy)?;
        let _turn = self.0.running.acquire().await.map_err(|_closed| PasswordFault::Busy)?;
        tokio::task::spawn_blocking(move || work(&inner)).await.map_err(PasswordFault::Stopped)?
    }
}

fn hash_now(argon2: &Argon2<'_>, password: &str) -> Result<String, PasswordFault> {
    let hash = argon2.hash_password(password.as_bytes()).map_err(|e| PasswordFault::Hash(e.to_string()))?;
    Ok(hash.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_hash_fits_its_password_and_names_its_parameters() {
        let passwords = Passwords::cheap().unwrap();
        let hash = passwords.hash("长安街上的白杨树").await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=8,t=1,p=1$"), "{hash}");
        assert!(passwords.verify("长安街上的白杨树", Some(&hash)).await.unwrap());
        assert!(!passwords.verify("长安街上的白杨", Some(&hash)).await.unwrap());
        assert!(!passwords.verify("nobody has this password", None).await.unwrap());
    }

    #[test]
    fn weak_passwords_are_refused() {
        assert_eq!(check_strength("短密码"), Err(WeakPassword::TooShort { length: 3 }));
        assert_eq!(check_strength("Password2026"), Err(WeakPassword::TooCommon));
        assert_eq!(check_strength("哈哈哈哈哈哈哈哈哈哈"), Err(WeakPassword::TooCommon));
        assert_eq!(check_strength(&"a1".repeat(200)), Err(WeakPassword::TooLong));
        assert_eq!(check_strength("白杨树下三只灰鸽子"), Err(WeakPassword::TooShort { length: 9 }));
        assert_eq!(check_strength("白杨树下的三只灰鸽子"), Ok(()));
    }
}
