// The loudness of a sound as bars; those that have been played stand out.

import { useMemo } from 'react';
import { path } from './waveform';
import styles from './Sound.module.css';

interface WaveformProps {
  levels: readonly number[];
  /** From 0 to 1. */
  played: number;
}

export function Waveform({ levels, played }: WaveformProps) {
  const bars = useMemo(() => path(levels), [levels]);
  const box = `0 0 ${Math.max(1, levels.length * 3 - 1)} 32`;
  return (
    <span className={styles.wave} aria-hidden="true">
      <svg viewBox={box} preserveAspectRatio="none" className={styles.bars}>
        <path d={bars} />
      </svg>
      <svg
        viewBox={box}
        preserveAspectRatio="none"
        className={styles.played}
        style={{ clipPath: `inset(0 ${(1 - played) * 100}% 0 0)` }}
      >
        <path d={bars} />
      </svg>
    </span>
  );
}
