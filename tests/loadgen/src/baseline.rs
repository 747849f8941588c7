//! What the machine itself costs: a bare `send` on loopback, and making a write durable. Everything the server does on
//! top is told as a multiple of these, so that figures of different machines can be compared.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::Path;
use std::time::Instant;

use rustix::time::{ClockId, clock_gettime};

/// CPU time of this thread, in microseconds.
fn thread_cpu() -> f64 {
    let now = clock_gettime(ClockId::ThreadCPUTime);
    now.tv_sec as f64 * 1e6 + now.tv_nsec as f64 / 1e3
}

pub struct Baseline {
    frames: usize,
    sends: BTreeMap<(usize, usize), f64>,
}

impl Baseline {
    pub fn new(quick: bool) -> Self {
        Baseline { frames: if quick { 20_000 } else { 400_000 }, sends: BTreeMap::new() }
    }

    /// CPU microseconds per frame of this size, with so many frames in one `send`.
    pub fn send(&mut self, bytes: usize, together: usize) -> io::Result<f64> {
        if let Some(known) = self.sends.get(&(bytes, together)) {
            return Ok(*known);
        }
        let measured = send(bytes, together, self.frames)?;
        self.sends.insert((bytes, together), measured);
        Ok(measured)
    }
}

/// Receivers that take turns, so that each is asleep when its frame comes, as people's devices are.
const RECEIVERS: usize = 32;

fn send(bytes: usize, together: usize, frames: usize) -> io::Result<f64> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let (mut senders, mut readers) = (Vec::new(), Vec::new());
    for _ in 0..RECEIVERS {
        let sender = TcpStream::connect(listener.local_addr()?)?;
        sender.set_nodelay(true)?;
        senders.push(sender);
        let (mut receiver, _) = listener.accept()?;
        readers.push(std::thread::spawn(move || {
            let mut buffer = vec![0; 1 << 16];
            while matches!(receiver.read(&mut buffer), Ok(1..)) {}
        }));
    }
    let batch = vec![b'x'; bytes * together];
    let rounds = (frames / together / RECEIVERS).max(1);
    let before = thread_cpu();
    for _ in 0..rounds {
        for sender in &mut senders {
            sender.write_all(&batch)?;
        }
    }
    let spent = thread_cpu() - before;
    drop(senders);
    for reader in readers {
        // A reader ends when its sender is gone.
        let _ = reader.join();
    }
    Ok(spent / (rounds * RECEIVERS * together) as f64)
}

/// Microseconds that a durable write of one page takes, in the middle of many.
pub fn fdatasync(folder: &Path, quick: bool) -> io::Result<f64> {
    let mut file = File::create(folder.join("fdatasync"))?;
    let page = [1u8; 4096];
    let mut times: Vec<u64> = Vec::new();
    for _ in 0..if quick { 20 } else { 300 } {
        file.write_all(&page)?;
        let begun = Instant::now();
        file.sync_data()?;
        times.push(begun.elapsed().as_nanos() as u64);
    }
    times.sort_unstable();
    Ok(crate::report::percentile(&times, 0.5) as f64 / 1e3)
}
