// What can be said of how a page looks without an eye: what sticks out at the sides, and whether the focus can be seen.

import type { Page } from 'playwright-core';

/** What people press or read that lies outside of the screen at its sides, where nobody can scroll to. */
export function sticksOut(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    const found: string[] = [];
    if (document.documentElement.scrollWidth > width)
      found.push(`the page is ${document.documentElement.scrollWidth} wide`);
    const reachable = (element: Element): boolean => {
      for (let box = element.parentElement; box; box = box.parentElement) {
        const { overflowX, position } = getComputedStyle(box);
        if (overflowX === 'auto' || overflowX === 'scroll') return true;
        if (position === 'fixed') return false;
      }
      return false;
    };
    for (const element of document.querySelectorAll(
      'a, button, input, textarea, select, h1, h2, h3, p, article, time',
    )) {
      if (!element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
      const { left, right, width: own } = element.getBoundingClientRect();
      // What only screen readers find is a pixel wide.
      if (own <= 1 || (left >= -1 && right <= width + 1) || reachable(element)) continue;
      found.push(`${element.outerHTML.slice(0, 120)} from ${Math.round(left)} to ${Math.round(right)} of ${width}`);
    }
    return found;
  });
}

export interface Focus {
  /** What has it, as somebody would call it; null when nothing has. */
  readonly name: string | null;
  readonly onScreen: boolean;
  readonly marked: boolean;
}

/** Where the focus is, and whether one can see that. */
export function focus(page: Page): Promise<Focus> {
  return page.evaluate(() => {
    const element = document.activeElement;
    if (!element || element === document.body) return { name: null, onScreen: false, marked: false };
    const { top, bottom, left, right } = element.getBoundingClientRect();
    const onScreen = bottom > 0 && right > 0 && top < innerHeight && left < innerWidth;
    // A ring may be drawn by what is around or within it.
    const ring = (one: Element) => {
      const { outlineStyle, outlineWidth, boxShadow, borderColor } = getComputedStyle(one);
      return { drawn: (outlineStyle !== 'none' && outlineWidth !== '0px') || boxShadow !== 'none', borderColor };
    };
    const around = [element, element.parentElement, element.parentElement?.parentElement, ...element.children];
    const marked = around.some((one) => one && ring(one).drawn);
    const name = element.getAttribute('aria-label') ?? element.textContent?.trim().slice(0, 60) ?? '';
    return { name: `${element.tagName.toLowerCase()} ${name}`, onScreen, marked };
  });
}
