//! Passwords: which may be chosen, and what is kept of them.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{Error, PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};
use secrecy::{ExposeSecret as _, SecretString};
use tokio::sync::Semaphore;
use tokio::task;
use unicode_normalization::UnicodeNormalization as _;
use zxcvbn::{Score, zxcvbn};

use super::{Fault, Outcome, Refusal};

/// The fewest characters.
const SHORTEST: usize = 10;
/// The most characters; more than anybody types, and few enough to be looked at in no time.
const LONGEST: usize = 128;
/// From this strength on, a password is not among those that are tried first: more than a million others are.
const STRONG_ENOUGH: Score = Score::Two;

/// Argon2id with what OWASP recommends
/// (<https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html>): KiB of memory, passes, lanes.
const COST: (u32, u32, u32) = (19 * 1024, 2, 1);
/// What there is in place of an account's hash where there is no account: the same work, and nobody's password.
const NOBODY: &str = "c29tZWJvZHlzc2FsdA$AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";

/// How many wait for each thread that hashes; more are told to come back, before they would wait for longer than a request may.
const QUEUE: usize = 16;
/// When to come back.
const BUSY: Duration = Duration::from_secs(5);

/// What a password that somebody with this address chooses lacks.
fn complaint(password: &str, address: &str) -> Result<(), Refusal> {
    let length = password.chars().count();
    if length < SHORTEST {
        return Err(Refusal::PasswordTooShort);
    }
    if length > LONGEST {
        return Err(Refusal::PasswordTooLong);
    }
    let parts: Vec<&str> = address
        .split(|letter: char| !letter.is_alphanumeric())
        .chain(address.split(['@', '.']))
        .chain(address.split('@'))
        .chain([address])
        .filter(|part| part.len() > 2)
        .collect();
    if zxcvbn(password, &parts).score() < STRONG_ENOUGH {
        return Err(Refusal::PasswordTooCommon);
    }
    Ok(())
}

/// Hashes and compares passwords, on few threads, so that a flood of them cannot starve the shop; cheap to clone.
#[derive(Clone)]
pub struct Passwords {
    argon2: Argon2<'static>,
    /// Who may hash at this moment.
    threads: Arc<Semaphore>,
    /// Who may hash or wait for it.
    queue: Arc<Semaphore>,
    computed: Arc<AtomicU64>,
}

impl Default for Passwords {
    /// One thread for each processor but one.
    fn default() -> Self {
        let processors = thread::available_parallelism().map_or(1, usize::from);
        Self::new((processors - 1).max(1))
    }
}

impl Passwords {
    /// So many threads.
    #[must_use]
    pub fn new(threads: usize) -> Self {
        let (memory, passes, lanes) = COST;
        let params = Params::new(memory, passes, lanes, None).unwrap_or_default();
        Self {
            argon2: Argon2::new(Algorithm::Argon2id, Version::V0x13, params),
            threads: Arc::new(Semaphore::new(threads)),
            queue: Arc::new(Semaphore::new(threads * (QUEUE + 1))),
            computed: Arc::default(),
        }
    }

    /// How many were hashed or compared so far.
    #[must_use]
    pub fn computed(&self) -> u64 {
        self.computed.load(Ordering::Relaxed)
    }

    /// Whether somebody with this address, or with one that is not known, may choose a password.
    ///
    /// # Errors
    /// When the thread that finds out has stopped.
    pub async fn check(&self, password: &str, address: &str) -> Outcome<()> {
        let address = address.to_owned();
        let checked = self
            .run(password, move |password| complaint(password, &address))
            .await?;
        Ok(checked.flatten())
    }

    /// What is kept of a password: a PHC string.
    ///
    /// # Errors
    /// When there are no random numbers.
    pub async fn hash(&self, password: &str) -> Outcome<SecretString> {
        let argon2 = self.argon2.clone();
        let hash = move |password: &str| argon2.hash_password(password.as_bytes());
        let hashed = self.compute(password, hash).await?;
        Ok(match hashed {
            Ok(hash) => Ok(hash.map_err(Fault::Hash)?.to_string().into()),
            Err(refusal) => Err(refusal),
        })
    }

    /// Whether a password is the one that `hash` was kept of. Without a hash nobody's password is compared, which takes as long.
    ///
    /// # Errors
    /// When what was kept is no hash of a password.
    pub async fn verify(&self, password: &str, hash: Option<&SecretString>) -> Outcome<bool> {
        let (argon2, hash) = (self.argon2.clone(), hash.cloned().unwrap_or_else(nobody));
        let compare = move |password: &str| {
            let hash = PasswordHash::new(hash.expose_secret())?;
            match argon2.verify_password(password.as_bytes(), &hash) {
                Ok(()) => Ok(true),
                Err(Error::PasswordInvalid) => Ok(false),
                Err(error) => Err(error),
            }
        };
        Ok(match self.compute(password, compare).await? {
            Ok(compared) => Ok(compared.map_err(Fault::Hash)?),
            Err(refusal) => Err(refusal),
        })
    }

    /// Whether `hash` was kept with other parameters than today's.
    #[must_use]
    pub fn is_outdated(&self, hash: &SecretString) -> bool {
        let Ok(hash) = PasswordHash::new(hash.expose_secret()) else {
            return false;
        };
        let is_today = hash.algorithm == Algorithm::Argon2id.ident();
        let costs = Params::try_from(&hash).map(|params| (params.m_cost(), params.t_cost(), params.p_cost()));
        !is_today || costs.is_ok_and(|costs| costs != COST)
    }

    /// Runs a piece of work that takes a hash, and counts it.
    async fn compute<T: Send + 'static>(
        &self,
        password: &str,
        work: impl FnOnce(&str) -> T + Send + 'static,
    ) -> Outcome<T> {
        let done = self.run(password, work).await?;
        self.computed.fetch_add(u64::from(done.is_ok()), Ordering::Relaxed);
        Ok(done)
    }

    /// Runs a piece of work beside the asynchronous threads, unless too many wait already.
    async fn run<T: Send + 'static>(
        &self,
        password: &str,
        work: impl FnOnce(&str) -> T + Send + 'static,
    ) -> Outcome<T> {
        let Ok(place) = Arc::clone(&self.queue).try_acquire_owned() else {
            tracing::warn!("too many passwords at once");
            return Ok(Err(Refusal::Busy(BUSY)));
        };
        // One password, however a keyboard puts its letters together.
        let password = SecretString::from(password.nfc().collect::<String>());
        // Nobody closes the semaphore.
        let thread = Arc::clone(&self.threads).acquire_owned().await.ok();
        let done = task::spawn_blocking(move || {
            let done = work(password.expose_secret());
            // Held to the end, even where whoever asked has gone away.
            drop((thread, place));
            done
        });
        Ok(Ok(done.await?))
    }
}

fn nobody() -> SecretString {
    let (memory, passes, lanes) = COST;
    format!("$argon2id$v=19$m={memory},t={passes},p={lanes}${NOBODY}").into()
}

impl fmt::Debug for Passwords {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Passwords").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use secrecy::{ExposeSecret as _, SecretString};

    use super::{Passwords, QUEUE, Refusal, complaint};

    #[test]
    fn a_password_is_long_enough_and_not_among_the_first_that_anybody_tries() {
        let complaint = |password: &str| complaint(password, "marianne.faithfull@broken-english.example");
        for password in [
            "velvet-umbrella",
            "correct horse battery",
            "\u{7d2b}\u{9648}\u{8336}\u{5c71}\u{6d77}\u{98ce}\u{96e8}\u{96f7}\u{7535}\u{6708}",
            &"velvet umbrella marble lantern ".repeat(5)[..128],
        ] {
            assert_eq!(complaint(password), Ok(()), "{password}");
        }
        for (password, refusal) in [
            ("", Refusal::PasswordTooShort),
            ("xK9$vQ2!m", Refusal::PasswordTooShort),
            ("\u{1f3b5}\u{1f3b5}\u{1f3b5}\u{1f3b5}", Refusal::PasswordTooShort),
            ("1234567890", Refusal::PasswordTooCommon),
            ("aaaaaaaaaaaa", Refusal::PasswordTooCommon),
            ("Password123", Refusal::PasswordTooCommon),
            ("qwertyuiop", Refusal::PasswordTooCommon),
            ("iloveyou123", Refusal::PasswordTooCommon),
            ("marianne.faithfull", Refusal::PasswordTooCommon),
            ("broken-english", Refusal::PasswordTooCommon),
            ("Faithfull1", Refusal::PasswordTooCommon),
            ("marianne.faithfull@broken-english.example", Refusal::PasswordTooCommon),
            (&"x".repeat(129), Refusal::PasswordTooLong),
        ] {
            assert_eq!(complaint(password), Err(refusal), "{password}");
        }
    }

    #[tokio::test]
    async fn a_password_is_its_own_hash_and_nobody_elses() {
        let passwords = Passwords::new(1);
        let hash = passwords.hash("velvet-umbrella").await.unwrap().unwrap();
        assert!(hash.expose_secret().starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert!(hash.expose_secret().len() <= 200);
        let verify = async |password: &str, hash| passwords.verify(password, hash).await.unwrap().unwrap();
        assert!(verify("velvet-umbrella", Some(&hash)).await);
        assert!(!verify("velvet-umbrellA", Some(&hash)).await);
        let umlaut = passwords.hash("v\u{f6}lvet-umbrella").await.unwrap().unwrap();
        assert!(verify("vo\u{308}lvet-umbrella", Some(&umlaut)).await);
        assert!(!verify("velvet-umbrella", None).await);
        assert_eq!(passwords.computed(), 6);
        assert!(!passwords.is_outdated(&hash));
        let older = SecretString::from(hash.expose_secret().replace("m=19456,t=2", "m=12288,t=3"));
        assert!(passwords.is_outdated(&older));
        assert!(!format!("{passwords:?} {hash:?}").contains("argon2id"));
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_flood_of_passwords_is_told_to_come_back() {
        let passwords = Passwords::new(1);
        let flood = (0..3 * QUEUE).map(|_| {
            let passwords = passwords.clone();
            tokio::spawn(async move { passwords.verify("velvet-umbrella", None).await.unwrap() })
        });
        let mut busy = 0;
        for answer in flood.collect::<Vec<_>>() {
            busy += usize::from(matches!(answer.await.unwrap(), Err(Refusal::Busy(_))));
        }
        assert!(busy > 0 && busy < 3 * QUEUE, "{busy}");
        assert_eq!(passwords.verify("velvet-umbrella", None).await.unwrap(), Ok(false));
    }
}
