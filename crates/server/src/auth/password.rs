//! Password hashing (argon2id) that cannot stall messages.
//!
//! One hash costs tens of milliseconds of processor time and 19 MiB of memory on purpose, so a flood of logins is the
//! cheapest attack on a chat server. Three measures bound what it can do. Hashing runs on a few threads of its own,
//! never on the threads that carry messages. Those threads are at a lower priority, so that on a busy machine messages
//! win. And their queue is short: when it is full the answer is [`Busy`] at once, which a client can retry, instead of
//! a wait that grows without end.
//!
//! An unknown user costs the same as a wrong password, so that the time of an answer does not tell who has an account.

use argon2::password_hash::{Output, ParamsString, PasswordHash, Salt, SaltString};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use parking_lot::{Condvar, Mutex};
use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::oneshot;

/// The cost: OWASP's recommendation for argon2id, 19 MiB of memory, two passes, one lane.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;
const SALT_BYTES: usize = 16;
const HASH_BYTES: usize = 32;
/// What a stored hash may ask for at most. Hashes are our own, but a tampered database must not take all memory.
const MAX_MEMORY_KIB: u32 = 256 * 1024;
const MAX_PASSES: u32 = 16;
/// For how long an idle thread keeps its 19 MiB for the next password, because a fresh allocation costs page faults.
const KEEP_MEMORY: Duration = Duration::from_secs(2);

/// Too many passwords are waiting already. Worth a retry after a second or two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("too many passwords are being checked, try again soon")]
pub struct Busy;

/// The pool. Its threads end after the last waiting password when it is dropped.
pub struct Passwords {
    shared: Arc<Shared>,
    /// What an unknown user's password is compared with: right parameters, random content. It matches nothing, and
    /// costs no start-up time, since it does not have to be the hash of anything.
    dummy: String,
}

struct Shared {
    queue: Mutex<Queue>,
    changed: Condvar,
    capacity: usize,
}

struct Queue {
    jobs: VecDeque<Job>,
    closed: bool,
}

enum Job {
    Hash { password: String, answer: oneshot::Sender<String> },
    Verify { password: String, stored: String, answer: oneshot::Sender<bool> },
}

impl Job {
    /// Nobody waits for the answer any more, for instance because the client hung up.
    fn is_abandoned(&self) -> bool {
        match self {
            Self::Hash { answer, .. } => answer.is_closed(),
            Self::Verify { answer, .. } => answer.is_closed(),
        }
    }
}

impl Passwords {
    /// Half of the cores, so that the other half stays free even where priorities have no effect.
    pub fn default_threads() -> usize {
        std::thread::available_parallelism().map_or(1, |cores| (cores.get() / 2).max(1))
    }

    /// Starts the threads. `queue` is how many passwords may wait beside those being hashed.
    pub fn start(threads: usize, queue: usize) -> std::io::Result<Self> {
        let shared = Arc::new(Shared {
            queue: Mutex::new(Queue { jobs: VecDeque::new(), closed: false }),
            changed: Condvar::new(),
            capacity: queue.max(1),
        });
        // Made first, so that the threads end again when a later one cannot be started.
        let passwords = Self { shared, dummy: dummy().map_err(std::io::Error::other)? };
        for index in 0..threads.max(1) {
            let shared = Arc::clone(&passwords.shared);
            std::thread::Builder::new().name(format!("password-{index}")).spawn(move || {
                lower_priority();
                work(&shared);
            })?;
        }
        Ok(passwords)
    }

    /// The hash of a new password as a PHC string, to be stored.
    pub async fn hash(&self, password: String) -> Result<String, Busy> {
        let (answer, hashed) = oneshot::channel();
        self.push(Job::Hash { password, answer })?;
        hashed.await.map_err(|_| Busy)
    }

    /// Whether the password is the one whose hash is stored. Without a stored hash it never is, at the same cost.
    pub async fn verify(&self, password: String, stored: Option<String>) -> Result<bool, Busy> {
        let (answer, verified) = oneshot::channel();
        let stored = stored.unwrap_or_else(|| self.dummy.clone());
        self.push(Job::Verify { password, stored, answer })?;
        verified.await.map_err(|_| Busy)
    }

    fn push(&self, job: Job) -> Result<(), Busy> {
        let mut queue = self.shared.queue.lock();
        if queue.jobs.len() >= self.shared.capacity {
            // Those who hung up must not keep the others out.
            queue.jobs.retain(|job| !job.is_abandoned());
            if queue.jobs.len() >= self.shared.capacity {
                return Err(Busy);
            }
        }
        queue.jobs.push_back(job);
        drop(queue);
        self.shared.changed.notify_one();
        Ok(())
    }
}

impl Drop for Passwords {
    fn drop(&mut self) {
        self.shared.queue.lock().closed = true;
        self.shared.changed.notify_all();
    }
}

fn work(shared: &Shared) {
    let mut memory = Vec::new();
    while let Some(job) = next(shared, &mut memory) {
        match job {
            job if job.is_abandoned() => {}
            Job::Hash { password, answer } => match hash(&password, &mut memory) {
                // The one who asked may be gone by now, which is no failure.
                Ok(hashed) => {
                    let _ = answer.send(hashed);
                }
                Err(error) => tracing::error!(%error, "a password could not be hashed"),
            },
            Job::Verify { password, stored, answer } => {
                let verified = verify(&password, &stored, &mut memory).unwrap_or_else(|error| {
                    tracing::error!(%error, "a stored password hash cannot be read");
                    false
                });
                let _ = answer.send(verified);
            }
        }
    }
}

/// Waits for work. After a while without any, the memory is given back: an idle server should not hold 19 MiB a thread.
fn next(shared: &Shared, memory: &mut Vec<Block>) -> Option<Job> {
    let mut queue = shared.queue.lock();
    loop {
        if let Some(job) = queue.jobs.pop_front() {
            return Some(job);
        }
        if queue.closed {
            return None;
        }
        if memory.capacity() == 0 {
            shared.changed.wait(&mut queue);
        } else if shared.changed.wait_for(&mut queue, KEEP_MEMORY).timed_out() {
            *memory = Vec::new();
        }
    }
}

#[derive(Debug, thiserror::Error)]
enum HashError {
    #[error("no random numbers: {0}")]
    Random(getrandom::Error),
    #[error("{0}")]
    Format(argon2::password_hash::Error),
    #[error("{0}")]
    Argon2(argon2::Error),
    #[error("the hash is not argon2id at a cost that is allowed")]
    Unsupported,
}

fn hash(password: &str, memory: &mut Vec<Block>) -> Result<String, HashError> {
    let mut salt = [0; SALT_BYTES];
    getrandom::fill(&mut salt).map_err(HashError::Random)?;
    let params = usual_cost()?;
    let mut output = [0; HASH_BYTES];
    compute(Version::V0x13, &params, password, &salt, &mut output, memory)?;
    encode(&params, &salt, &output)
}

fn verify(password: &str, stored: &str, memory: &mut Vec<Block>) -> Result<bool, HashError> {
    let stored = PasswordHash::new(stored).map_err(HashError::Format)?;
    let params = Params::try_from(&stored).map_err(HashError::Format)?;
    let (Some(salt), Some(expected)) = (stored.salt, stored.hash) else {
        return Err(HashError::Unsupported);
    };
    let within = params.m_cost() <= MAX_MEMORY_KIB && params.t_cost() <= MAX_PASSES;
    if stored.algorithm != Algorithm::Argon2id.ident() || !within {
        return Err(HashError::Unsupported);
    }
    let version = match stored.version {
        Some(version) => Version::try_from(version).map_err(HashError::Argon2)?,
        None => Version::V0x13,
    };
    let mut salt_bytes = [0; Salt::MAX_LENGTH];
    let salt = salt.decode_b64(&mut salt_bytes).map_err(HashError::Format)?;
    let mut output = vec![0; expected.len()];
    compute(version, &params, password, salt, &mut output, memory)?;
    // `Output` compares in constant time.
    Ok(Output::new(&output).map_err(HashError::Format)? == expected)
}

fn compute(
    version: Version,
    params: &Params,
    password: &str,
    salt: &[u8],
    output: &mut [u8],
    memory: &mut Vec<Block>,
) -> Result<(), HashError> {
    // Blocks left over from another password need no clearing, since argon2 writes each before it reads it.
    memory.resize(params.block_count(), Block::default());
    Argon2::new(Algorithm::Argon2id, version, params.clone())
        .hash_password_into_with_memory(password.as_bytes(), salt, output, memory)
        .map_err(HashError::Argon2)
}

fn encode(params: &Params, salt: &[u8], output: &[u8]) -> Result<String, HashError> {
    let salt = SaltString::encode_b64(salt).map_err(HashError::Format)?;
    let hash = PasswordHash {
        algorithm: Algorithm::Argon2id.ident(),
        version: Some(Version::V0x13.into()),
        params: ParamsString::try_from(params).map_err(HashError::Format)?,
        salt: Some(salt.as_salt()),
        hash: Some(Output::new(output).map_err(HashError::Format)?),
    };
    Ok(hash.to_string())
}

/// A hash of nothing, at the usual cost.
fn dummy() -> Result<String, HashError> {
    let mut random = [0; SALT_BYTES + HASH_BYTES];
    getrandom::fill(&mut random).map_err(HashError::Random)?;
    encode(&usual_cost()?, &random[..SALT_BYTES], &random[SALT_BYTES..])
}

fn usual_cost() -> Result<Params, HashError> {
    Params::new(MEMORY_KIB, PASSES, LANES, Some(HASH_BYTES)).map_err(HashError::Argon2)
}

/// Lets every other thread of the process go first. Linux keeps the priority per thread, other systems per process,
/// where it would slow the messages down as well.
#[cfg(target_os = "linux")]
fn lower_priority() {
    // SAFETY: both calls take and return plain integers, and the thread id is this thread's own, which lives.
    // The standard library has no name for either.
    #[allow(unsafe_code)]
    let outcome = unsafe { libc::setpriority(libc::PRIO_PROCESS, libc::gettid().unsigned_abs(), 10) };
    if outcome != 0 {
        let error = std::io::Error::last_os_error();
        tracing::warn!(%error, "password threads run at normal priority");
    }
}

#[cfg(not(target_os = "linux"))]
fn lower_priority() {}

#[cfg(test)]
mod tests {
    use super::*;

    fn pool() -> Passwords {
        Passwords::start(2, 64).expect("threads should start")
    }

    #[tokio::test]
    async fn a_hash_verifies_its_password_and_no_other() {
        let pool = pool();
        let stored = pool.hash("correct horse".to_owned()).await.unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
        assert_eq!(pool.verify("correct horse".to_owned(), Some(stored.clone())).await, Ok(true));
        assert_eq!(pool.verify("correct horsf".to_owned(), Some(stored.clone())).await, Ok(false));
        assert_eq!(pool.verify(String::new(), Some(stored.clone())).await, Ok(false));
        let again = pool.hash("correct horse".to_owned()).await.unwrap();
        assert_ne!(stored, again, "salts differ");
    }

    #[tokio::test]
    async fn the_longest_password_and_any_characters_work() {
        let pool = pool();
        let password = "\u{1f980}\0".repeat(512);
        let stored = pool.hash(password.clone()).await.unwrap();
        assert_eq!(pool.verify(password, Some(stored)).await, Ok(true));
    }

    #[tokio::test]
    async fn an_unknown_user_is_never_verified() {
        assert_eq!(pool().verify("password".to_owned(), None).await, Ok(false));
    }

    #[test]
    fn the_dummy_costs_what_a_real_hash_costs() {
        let (dummy, real) = (dummy().unwrap(), hash("password", &mut Vec::new()).unwrap());
        let (dummy, real) = (PasswordHash::new(&dummy).unwrap(), PasswordHash::new(&real).unwrap());
        assert_eq!(dummy.algorithm, real.algorithm);
        assert_eq!(dummy.version, real.version);
        assert_eq!(dummy.params, real.params);
        assert_eq!(dummy.hash.unwrap().len(), real.hash.unwrap().len());
    }

    #[test]
    fn a_used_memory_gives_the_same_hash_at_any_cost() {
        let mut memory = Vec::new();
        let small = "$argon2id$v=19$m=64,t=1,p=1$c29tZXNhbHRzb21lc2FsdA$";
        let params = Params::new(64, 1, 1, Some(HASH_BYTES)).unwrap();
        let mut output = [0; HASH_BYTES];
        compute(Version::V0x13, &params, "x", b"somesaltsomesalt", &mut output, &mut Vec::new()).unwrap();
        let stored = encode(&params, b"somesaltsomesalt", &output).unwrap();
        assert!(stored.starts_with(small), "{stored}");
        hash("another", &mut memory).unwrap();
        assert!(verify("x", &stored, &mut memory).unwrap());
        let large = hash("y", &mut memory).unwrap();
        assert!(verify("y", &large, &mut memory).unwrap());
    }

    #[tokio::test]
    async fn an_unreadable_or_excessive_hash_verifies_nothing() {
        let pool = pool();
        let tail = "c29tZXNhbHRzb21lc2FsdA$aGFzaGhhc2hoYXNoaGFzaGhhc2hoYXNoaGFzaGhhc2g";
        for stored in [
            String::new(),
            "plain".to_owned(),
            "$argon2id$v=19$m=19456,t=2,p=1".to_owned(),
            format!("$argon2i$v=19$m=64,t=1,p=1${tail}"),
            format!("$argon2id$v=19$m=4294967295,t=1,p=1${tail}"),
            format!("$argon2id$v=19$m=64,t=4294967295,p=1${tail}"),
            format!("$argon2id$v=7$m=64,t=1,p=1${tail}"),
        ] {
            assert_eq!(pool.verify("plain".to_owned(), Some(stored)).await, Ok(false));
        }
    }

    /// A pool without threads: what is queued stays queued.
    fn stuck(capacity: usize) -> Passwords {
        let queue = Mutex::new(Queue { jobs: VecDeque::new(), closed: false });
        let shared = Arc::new(Shared { queue, changed: Condvar::new(), capacity });
        Passwords { shared, dummy: dummy().unwrap() }
    }

    #[test]
    fn a_full_queue_answers_busy_and_forgets_who_hung_up() {
        let pool = stuck(2);
        let job = || {
            let (answer, waiting) = oneshot::channel();
            (Job::Hash { password: String::new(), answer }, waiting)
        };
        let (first, waiting) = job();
        let (second, _still_waiting) = job();
        let (third, _third_waits) = job();
        pool.push(first).unwrap();
        pool.push(second).unwrap();
        assert_eq!(pool.push(third), Err(Busy));
        drop(waiting);
        let (fourth, _fourth_waits) = job();
        assert_eq!(pool.push(fourth), Ok(()));
        assert_eq!(pool.shared.queue.lock().jobs.len(), 2);
    }

    #[test]
    fn threads_end_with_the_pool() {
        let pool = stuck(1);
        let shared = Arc::clone(&pool.shared);
        let thread = std::thread::spawn(move || work(&shared));
        drop(pool);
        assert!(thread.join().is_ok());
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn only_the_password_threads_are_of_lower_priority() {
        let nice = || {
            let stat = std::fs::read_to_string("/proc/thread-self/stat").unwrap();
            // The name in brackets may hold spaces; the niceness is the 17th field after it.
            let (_, fields) = stat.rsplit_once(')').unwrap();
            fields.split_whitespace().nth(16).unwrap().parse::<i32>().unwrap()
        };
        let before = nice();
        let lowered = std::thread::spawn(move || {
            lower_priority();
            nice()
        });
        assert_eq!(lowered.join().unwrap(), 10.max(before));
        assert_eq!(nice(), before);
    }
}
