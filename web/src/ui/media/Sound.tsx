// Plays a sound: a button, its loudness or a line to seek in, how long it is, and for voices how fast. One sound plays at
// a time. It runs from left to right in every language, as clocks and music do.

import { Pause, Play } from 'lucide-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import { length } from '@/lib/bytes';
import { useText } from '@/lib/text';
import { condensed } from './waveform';
import { Waveform } from './Waveform';
import styles from './Sound.module.css';

interface SoundProps {
  src: string;
  /** What it is, for those who listen. */
  label: string;
  /** In milliseconds, where it is known before it plays. */
  duration?: number | null | undefined;
  waveform?: readonly number[] | null | undefined;
  /** A voice can be heard faster. */
  voice?: boolean;
}

const SPEEDS = [1, 1.5, 2];

/** Seconds that an arrow key moves. */
const STEP = 5;

let playing: HTMLAudioElement | null = null;

export function Sound({ src, label, duration, waveform, voice = false }: SoundProps) {
  const t = useText();
  const audio = useRef<HTMLAudioElement>(null);
  const [on, setOn] = useState(false);
  const [at, setAt] = useState(0);
  const [speed, setSpeed] = useState(1);
  const [broken, setBroken] = useState(false);
  const [found, setFound] = useState<number | null>(null);
  const whole = (found ?? duration ?? 0) / 1000;
  const levels = useMemo(() => (waveform ? waveform : voice ? condensed([]) : null), [waveform, voice]);

  useEffect(() => {
    const element = audio.current;
    return () => {
      if (playing === element) playing = null;
    };
  }, []);

  const toggle = () => {
    const element = audio.current;
    if (!element) return;
    if (!element.paused) {
      element.pause();
      return;
    }
    if (playing && playing !== element) playing.pause();
    playing = element;
    element.playbackRate = speed;
    element.play().catch(() => setBroken(true));
  };
  const seek = (seconds: number) => {
    setAt(seconds);
    if (audio.current) audio.current.currentTime = seconds;
  };
  const faster = () => {
    const next = SPEEDS[(SPEEDS.indexOf(speed) + 1) % SPEEDS.length] ?? 1;
    setSpeed(next);
    if (audio.current) audio.current.playbackRate = next;
  };
  const position = whole > 0 ? Math.min(1, at / whole) : 0;

  return (
    <div className={styles.sound} dir="ltr" role="group" aria-label={label}>
      {/* Nobody writes captions for what people send each other. */}
      {/* oxlint-disable-next-line jsx-a11y/media-has-caption */}
      <audio
        ref={audio}
        src={src}
        preload="none"
        onPlay={() => {
          setOn(true);
          setBroken(false);
        }}
        onPause={() => setOn(false)}
        onEnded={() => {
          setOn(false);
          setAt(0);
        }}
        onTimeUpdate={(event) => setAt(event.currentTarget.currentTime)}
        onDurationChange={(event) => {
          const seconds = event.currentTarget.duration;
          if (Number.isFinite(seconds) && seconds > 0) setFound(seconds * 1000);
        }}
        onError={() => {
          setOn(false);
          setBroken(true);
        }}
      />
      <button type="button" className={styles.play} aria-label={t(on ? 'file.pause' : 'file.play')} onClick={toggle}>
        {on ? <Pause size={18} /> : <Play size={18} className={styles.nudge} />}
      </button>
      <span className={styles.track}>
        {levels ? (
          <Waveform levels={levels} played={position} />
        ) : (
          <span className={styles.line} aria-hidden="true">
            <span className={styles.filled} style={{ inlineSize: `${position * 100}%` }} />
          </span>
        )}
        <input
          type="range"
          className={styles.seek}
          aria-label={t('file.seek')}
          aria-valuetext={t('file.position', { at: length(at * 1000), of: length(whole * 1000) })}
          min={0}
          max={Math.max(whole, 0.1)}
          step="any"
          value={Math.min(at, Math.max(whole, 0.1))}
          disabled={whole === 0}
          onChange={(event) => seek(Number(event.target.value))}
          onKeyDown={(event) => {
            const direction = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[event.key];
            if (direction === undefined) return;
            event.preventDefault();
            event.stopPropagation();
            seek(Math.min(whole, Math.max(0, at + direction * STEP)));
          }}
        />
      </span>
      <span className={styles.time}>{length((on || at > 0 ? at : whole) * 1000)}</span>
      {voice && (
        <button type="button" className={styles.speed} aria-label={t('file.speed', { speed })} onClick={faster}>
          {speed}×
        </button>
      )}
      {broken && (
        <span className={styles.broken} role="alert">
          {t('file.unplayable')}
        </span>
      )}
    </div>
  );
}
