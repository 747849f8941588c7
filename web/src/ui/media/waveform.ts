// How loud a sound is over time: as bytes of the wire, as levels that are measured while recording, and as a picture.

/** So many bars as a waveform of the wire has. */
export const BARS = 64;

/** The loudness of a file, each 0 to 255; null when there is none or it is not what it should be. */
export function decoded(base64: string | null | undefined): readonly number[] | null {
  if (!base64) return null;
  try {
    return Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  } catch {
    return null;
  }
}

/** Any number of levels as so many bars: each is the loudest of those that it stands for. */
export function condensed(levels: readonly number[], bars = BARS): readonly number[] {
  if (levels.length === 0) return Array.from({ length: bars }, () => 0);
  return Array.from({ length: bars }, (_, bar) => {
    const from = Math.floor((bar * levels.length) / bars);
    const to = Math.max(from + 1, Math.floor(((bar + 1) * levels.length) / bars));
    return Math.max(...levels.slice(from, to));
  });
}

/** How loud a stretch of samples from -1 to 1 is, 0 to 255. Quiet speech is still seen. */
export function level(samples: Float32Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  const loudness = Math.sqrt(sum / Math.max(1, samples.length));
  return Math.min(255, Math.round(Math.sqrt(loudness) * 300));
}

/** Bars around a middle line as the path of an SVG, two units wide with a gap of one, in a height of 32. */
export function path(levels: readonly number[]): string {
  return levels
    .map((value, at) => {
      const height = 2 + (Math.min(255, Math.max(0, value)) / 255) * 28;
      const top = (32 - height) / 2;
      return `M${at * 3} ${round(top)}h2v${round(height)}h-2z`;
    })
    .join('');
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
