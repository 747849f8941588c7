// Moving in the list by keyboard: one stop for the Tab key, arrows from row to row, Home and End, and the beginning of a
// name typed. Rows that are not drawn are drawn first, so the list says where the focus is to go and follows it there.

import { useRef, useState, type KeyboardEvent } from 'react';
import { fold } from '@/lib/search';

export interface Roving {
  /** The key of the row where Tab stops. */
  readonly stop: string | null;
  readonly setStop: (key: string) => void;
  readonly onKeyDown: (event: KeyboardEvent<HTMLElement>) => void;
}

interface Options {
  readonly keys: readonly string[];
  readonly current: string | null;
  readonly nameAt: (index: number) => string;
  /** Draws the row and gives it the focus. */
  readonly focus: (index: number) => void;
}

/** Letters typed within this time belong together. */
const TYPING = 700;

export function useRoving({ keys, current, nameAt, focus }: Options): Roving {
  const [chosen, setStop] = useState<string | null>(null);
  const typed = useRef({ text: '', at: 0 });
  const known = (key: string | null) => (key !== null && keys.includes(key) ? key : null);
  const stop = known(chosen) ?? known(current) ?? keys[0] ?? null;

  const move = (index: number) => {
    const to = Math.max(0, Math.min(keys.length - 1, index));
    const key = keys[to];
    if (key === undefined) return;
    setStop(key);
    focus(to);
  };

  const find = (letter: string, now: number) => {
    const recent = now - typed.current.at < TYPING;
    const text = (recent ? typed.current.text : '') + letter;
    typed.current = { text, at: now };
    const at = stop === null ? -1 : keys.indexOf(stop);
    // The same letter again goes on to the next.
    const wanted = fold(/^(.)\1+$/u.test(text) ? letter : text);
    const start = text.length === 1 || wanted === fold(letter) ? at + 1 : at;
    for (let step = 0; step < keys.length; step += 1) {
      const index = (start + step) % keys.length;
      if (fold(nameAt(index)).startsWith(wanted)) {
        move(index);
        return;
      }
    }
  };

  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.nativeEvent.isComposing) return;
    const at = stop === null ? -1 : keys.indexOf(stop);
    const target = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: keys.length - 1 }[event.key];
    if (target !== undefined) {
      // At an end the key is free for others, such as a remote control that goes on to what lies beyond.
      if (target < 0 || target >= keys.length) return;
      event.preventDefault();
      move(target);
    } else if ([...new Intl.Segmenter().segment(event.key)].length === 1 && /[\p{L}\p{N}]/u.test(event.key)) {
      event.preventDefault();
      find(event.key, event.timeStamp);
    }
  };

  return { stop, setStop, onKeyDown };
}
