// Touch: holding a finger on a message opens its sheet, pulling the message towards the start quotes it. A finger that
// moves up or down scrolls, and is left alone.

import { useRef, type PointerEvent } from 'react';
import type { Message } from '@/protocol.gen';
import { commandsFor } from './commands';
import type { Scene } from './scene';

const HOLD = 450;
/** A finger is never quite still. */
const STILL = 10;
const PULL = 64;

interface Touch {
  readonly x: number;
  readonly y: number;
  readonly timer: ReturnType<typeof setTimeout>;
  pulled: number;
}

interface Gestured {
  message: Message;
  scene: Scene;
  onHold: () => void;
}

export function useGestures({ message, scene, onHold }: Gestured) {
  const touch = useRef<Touch | null>(null);

  const end = (row: HTMLElement) => {
    if (touch.current) clearTimeout(touch.current.timer);
    touch.current = null;
    row.style.translate = '';
  };

  return {
    onPointerDown: (event: PointerEvent<HTMLElement>) => {
      if (event.pointerType !== 'touch') return;
      // What is pressed in the message's own sheet or menu comes here too, though it lies over the page.
      if (!(event.target instanceof Node && event.currentTarget.contains(event.target))) return;
      const timer = setTimeout(() => {
        touch.current = null;
        onHold();
      }, HOLD);
      touch.current = { x: event.clientX, y: event.clientY, timer, pulled: 0 };
    },
    onPointerMove: (event: PointerEvent<HTMLElement>) => {
      const now = touch.current;
      if (!now) return;
      const row = event.currentTarget;
      const mirrored = getComputedStyle(row).direction === 'rtl' ? -1 : 1;
      const across = event.clientX - now.x;
      if (Math.abs(event.clientY - now.y) > STILL * 2 && now.pulled === 0) {
        end(row);
        return;
      }
      if (Math.abs(across) < STILL) return;
      clearTimeout(now.timer);
      now.pulled = Math.min(0, Math.max(-PULL * 1.25, across * mirrored));
      row.style.translate = `${now.pulled * mirrored}px`;
    },
    onPointerUp: (event: PointerEvent<HTMLElement>) => {
      const pulled = touch.current?.pulled ?? 0;
      end(event.currentTarget);
      if (pulled > -PULL) return;
      commandsFor(message, scene)
        .find(({ id }) => id === 'quote')
        ?.run();
    },
    onPointerCancel: (event: PointerEvent<HTMLElement>) => end(event.currentTarget),
    // The browser's own menu would lie over the sheet; with a mouse it stays.
    onContextMenu: (event: { preventDefault: () => void }) => {
      if (matchMedia('(pointer: coarse)').matches) event.preventDefault();
    },
  };
}
