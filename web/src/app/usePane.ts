// Where there is room, the details of the open conversation stand beside it instead of over it.

import { useSyncExternalStore } from 'react';
import { useLocation } from 'wouter';
import { useOverlays, type Overlay } from '@/lib/overlay';
import { conversationAt } from './router';

const room = window.matchMedia('(min-width: 72rem)');

function subscribe(listener: () => void): () => void {
  room.addEventListener('change', listener);
  return () => room.removeEventListener('change', listener);
}

/** The overlay that is shown as a pane, if it is. */
export function usePane(): Extract<Overlay, { kind: 'details' }> | null {
  const [overlay] = useOverlays();
  const [path] = useLocation();
  const wide = useSyncExternalStore(subscribe, () => room.matches);
  if (!wide || overlay?.kind !== 'details' || overlay.conversationId !== conversationAt(path)) return null;
  // A thread has that place already.
  return path.includes('/t/') ? null : overlay;
}
