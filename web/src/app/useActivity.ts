// Tells the server whether this person is there: away after five minutes without touching anything, back at the first
// touch. Whoever does not want to be disturbed is left alone.

import { useEffect } from 'react';
import { onWish, wish } from '@/lib/activity';
import { actions } from '@/sync';
import type { Activity } from '@/protocol.gen';

const IDLE = 5 * 60_000;
const signs = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart'] as const;

export function useActivity(): void {
  useEffect(() => {
    let said: Activity | null = null;
    let timer = 0;
    let noted = 0;
    const say = (activity: Activity) => {
      if (activity === said) return;
      said = activity;
      actions.setActivity(activity);
    };
    const rest = () => say(wish() === 'do_not_disturb' ? 'do_not_disturb' : 'away');
    const touch = () => {
      say(wish());
      clearTimeout(timer);
      timer = window.setTimeout(rest, IDLE);
    };
    // A moving pointer says so a hundred times a second.
    const sign = (event: Event) => {
      if (event.timeStamp - noted < 1000 && said === wish()) return;
      noted = event.timeStamp;
      touch();
    };
    const seen = () => document.visibilityState === 'visible' && touch();

    touch();
    const stop = onWish(touch);
    signs.forEach((name) => window.addEventListener(name, sign, { passive: true, capture: true }));
    document.addEventListener('visibilitychange', seen);
    return () => {
      clearTimeout(timer);
      stop();
      signs.forEach((name) => window.removeEventListener(name, sign, { capture: true }));
      document.removeEventListener('visibilitychange', seen);
    };
  }, []);
}
