//! How loud a sound is over time, for the picture of it.

use std::io::{self, Read};

use super::process::WAVEFORM;

/// Samples that become one value while they stream past. At 8000 a second, a tenth of a second.
const SPAN: usize = 800;

/// Measured loudness, one value for each span. An hour takes some 140 kilobytes.
pub struct Loudness {
    samples: u64,
    /// Root mean squares.
    spans: Vec<f32>,
}

impl Loudness {
    /// Reads signed samples of 16 bits, little end first, until there are no more.
    pub fn measure(mut source: impl Read) -> io::Result<Self> {
        let mut loudness = Loudness { samples: 0, spans: Vec::new() };
        let mut buffer = vec![0; SPAN * 2];
        loop {
            let length = fill(&mut source, &mut buffer)?;
            let samples =
                buffer[..length].chunks_exact(2).map(|pair| f32::from(i16::from_le_bytes([pair[0], pair[1]])));
            let count = length / 2;
            if count > 0 {
                let power: f32 = samples.map(|sample| sample * sample).sum();
                loudness.samples += count as u64;
                loudness.spans.push((power / count as f32).sqrt());
            }
            if length < buffer.len() {
                return Ok(loudness);
            }
        }
    }

    pub fn is_empty(&self) -> bool {
        self.samples == 0
    }

    pub fn duration_ms(&self, rate: u32) -> u64 {
        self.samples * 1000 / u64::from(rate)
    }

    /// 64 values, the loudest of which is 255. Silence stays silence.
    pub fn waveform(&self) -> Vec<u8> {
        let count = self.spans.len();
        let loudest = self.spans.iter().copied().fold(0.0, f32::max);
        // Below that is the noise of a microphone, which must not be blown up into waves.
        let scale = 255.0 / loudest.max(64.0);
        let bar = |index: usize| {
            let (start, end) = (index * count / WAVEFORM, (index + 1) * count / WAVEFORM);
            let part = self.spans.get(start..end.max(start + 1).min(count)).unwrap_or_default();
            (part.iter().copied().fold(0.0, f32::max) * scale).round() as u8
        };
        (0..WAVEFORM).map(bar).collect()
    }
}

/// Reads until the buffer is full or nothing more comes.
fn fill(source: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut length = 0;
    while length < buffer.len() {
        match source.read(&mut buffer[length..]) {
            Ok(0) => break,
            Ok(count) => length += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(length)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measured(samples: &[i16]) -> Loudness {
        let bytes: Vec<u8> = samples.iter().flat_map(|sample| sample.to_le_bytes()).collect();
        Loudness::measure(bytes.as_slice()).unwrap()
    }

    #[test]
    fn loud_and_quiet_are_told_apart() {
        let mut samples = vec![0; 32_000];
        samples.extend([8000, -8000].repeat(16_000));
        let loudness = measured(&samples);
        assert_eq!(loudness.duration_ms(8000), 8000);
        let waveform = loudness.waveform();
        assert_eq!(waveform.len(), WAVEFORM);
        assert!(waveform[..31].iter().all(|bar| *bar == 0) && waveform[33..].iter().all(|bar| *bar == 255));
    }

    #[test]
    fn short_and_silent_sounds_have_a_waveform_too() {
        assert!(measured(&[]).is_empty());
        assert_eq!(measured(&[]).waveform(), vec![0; WAVEFORM]);
        assert_eq!(measured(&[5000; 10]).waveform(), vec![255; WAVEFORM]);
        assert!(measured(&[1; 4000]).waveform().iter().all(|bar| *bar < 8));
    }
}
