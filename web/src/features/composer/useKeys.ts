// What the keys do in the composer.

import type { KeyboardEvent, RefObject } from 'react';
import { preferences } from '@/lib/preferences';
import { apply, continued, inFence, selectionOf } from './edit';
import { formatOf, type Format } from './formats';
import type { SuggestionsHandle } from './Suggestions';

export interface Keys {
  popup: RefObject<SuggestionsHandle | null>;
  onSubmit: () => void;
  onFormat: (format: Format) => void;
  onLeave?: () => void;
  onEditLast?: () => void;
}

/** A keyboard on the screen has no Shift+Enter, so there Enter is a new line and a button sends. */
export function isTouch(): boolean {
  return window.matchMedia('(hover: none) and (pointer: coarse)').matches;
}

type AreaKey = KeyboardEvent<HTMLTextAreaElement>;

export function useKeys({ popup, onSubmit, onFormat, onLeave, onEditLast }: Keys): (event: AreaKey) => void {
  return (event) => {
    // While an input method composes a word, every key belongs to it. Some browsers say so only by the number 229.
    if (event.nativeEvent.isComposing || event.keyCode === 229) return;
    if (popup.current?.key(event)) return;
    const area = event.currentTarget;
    const format = formatOf(event, area.selectionStart !== area.selectionEnd);
    if (format) {
      event.preventDefault();
      event.stopPropagation();
      onFormat(format);
    } else if (event.key === 'Escape' && onLeave) {
      event.preventDefault();
      event.stopPropagation();
      onLeave();
    } else if (event.key === 'ArrowUp' && onEditLast && area.value === '' && !modified(event)) {
      event.preventDefault();
      onEditLast();
    } else if (event.key === 'Enter') {
      enter(event, onSubmit);
    }
  };
}

function modified(event: AreaKey): boolean {
  return event.ctrlKey || event.metaKey || event.altKey || event.shiftKey;
}

function enter(event: AreaKey, onSubmit: () => void): void {
  const selection = selectionOf(event.currentTarget);
  const always = event.ctrlKey || event.metaKey;
  const sends = !modified(event) && preferences().enterSends && !isTouch() && !inFence(selection.text, selection.start);
  if (always || sends) {
    event.preventDefault();
    // A key that is held down must not send a second time.
    if (!event.repeat) onSubmit();
    return;
  }
  const change = event.altKey ? null : continued(selection);
  if (!change) return;
  event.preventDefault();
  apply(event.currentTarget, change);
}
