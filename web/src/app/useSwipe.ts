// On a phone: a finger that comes from the edge pulls the open page aside and leaves the list.

import { useEffect, type RefObject } from 'react';

const EDGE = 28;
const FAR = 0.35;

export function useSwipe(page: RefObject<HTMLElement | null>, open: boolean, leave: () => void): void {
  useEffect(() => {
    const element = page.current;
    if (!element || !open) return undefined;
    let start: Touch | null = null;
    let pulling = false;
    const rtl = () => document.documentElement.dir === 'rtl';

    const begin = (event: TouchEvent) => {
      const touch = event.touches[0];
      if (!touch || event.touches.length > 1 || !matchMedia('(max-width: 48rem)').matches) return;
      const fromEdge = rtl() ? window.innerWidth - touch.clientX : touch.clientX;
      start = fromEdge <= EDGE ? touch : null;
      pulling = false;
    };
    const pulled = (touch: Touch) => Math.max(0, (touch.clientX - (start?.clientX ?? 0)) * (rtl() ? -1 : 1));
    const pull = (event: TouchEvent) => {
      const touch = event.touches[0];
      if (!start || !touch) return;
      const across = pulled(touch);
      // Up and down is scrolling, and stays that.
      if (!pulling && Math.abs(touch.clientY - start.clientY) > across) {
        start = null;
        return;
      }
      pulling = true;
      if (event.cancelable) event.preventDefault();
      element.style.transition = 'none';
      element.style.transform = `translateX(${rtl() ? -across : across}px)`;
    };
    const end = (event: TouchEvent) => {
      const touch = event.changedTouches[0];
      const far = start && touch && pulled(touch) > window.innerWidth * FAR;
      start = null;
      if (!pulling) return;
      pulling = false;
      element.style.transition = '';
      element.style.transform = '';
      if (far) leave();
    };
    element.addEventListener('touchstart', begin, { passive: true });
    element.addEventListener('touchmove', pull, { passive: false });
    element.addEventListener('touchend', end);
    element.addEventListener('touchcancel', end);
    return () => {
      element.removeEventListener('touchstart', begin);
      element.removeEventListener('touchmove', pull);
      element.removeEventListener('touchend', end);
      element.removeEventListener('touchcancel', end);
    };
  }, [page, open, leave]);
}
