// Whether somebody is looking: the page is visible and its window has the focus. Only what was looked at is read.

import { useSyncExternalStore } from 'react';

function attentive(): boolean {
  return document.visibilityState === 'visible' && document.hasFocus();
}

function subscribe(listener: () => void): () => void {
  window.addEventListener('focus', listener);
  window.addEventListener('blur', listener);
  document.addEventListener('visibilitychange', listener);
  return () => {
    window.removeEventListener('focus', listener);
    window.removeEventListener('blur', listener);
    document.removeEventListener('visibilitychange', listener);
  };
}

export function useAttention(): boolean {
  return useSyncExternalStore(subscribe, attentive);
}
