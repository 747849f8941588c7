// A television's remote control: arrows move the focus, Back goes back. Whoever needs an arrow for something else says so
// by preventing the default, as lists and menus do.

import { moveFocus, keepFocus, type Direction } from '@/lib/spatial';

const directions: Readonly<Record<string, Direction>> = {
  ArrowUp: 'up',
  ArrowDown: 'down',
  ArrowLeft: 'left',
  ArrowRight: 'right',
};

/** Whether the arrow still has somewhere to go within the text. */
function withinText(target: EventTarget | null, direction: Direction): boolean {
  if (!(target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement)) return false;
  const { selectionStart, value } = target;
  if (selectionStart === null) return false;
  const rtl = getComputedStyle(target).direction === 'rtl';
  const back = direction === 'up' || direction === (rtl ? 'right' : 'left');
  return back ? selectionStart > 0 : selectionStart < value.length;
}

function isText(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches('input, textarea'));
}

function onKey(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
  const direction = directions[event.key];
  if (direction) {
    if (withinText(event.target, direction)) return;
    event.preventDefault();
    moveFocus(direction);
    return;
  }
  const back =
    ['GoBack', 'BrowserBack', 'XF86Back', 'Escape'].includes(event.key) ||
    (event.key === 'Backspace' && !isText(event.target));
  if (back && (location.pathname !== '/' || document.querySelector('[data-base-ui-portal]'))) {
    event.preventDefault();
    history.back();
  }
}

/** Until the function that it returns is called. */
export function followRemote(): () => void {
  const stop = keepFocus();
  document.addEventListener('keydown', onKey);
  return () => {
    stop();
    document.removeEventListener('keydown', onKey);
  };
}
