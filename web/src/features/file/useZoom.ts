// Zooming and moving a picture by wheel, fingers, mouse and keys.

import { useCallback, useEffect, useRef, useState, type PointerEvent, type RefObject } from 'react';
import { FITTING, fitted, moved, zoomed, type Place, type Size } from './zoom';

/** How much one press or notch zooms. */
const STEP = 1.5;

/** A finger that moves so far sideways, on a picture that fits, goes on to the next. */
const SWIPE = 60;

interface Zoom {
  readonly place: Place;
  readonly zoom: (factor: number) => void;
  readonly pan: (x: number, y: number) => void;
  readonly reset: () => void;
  readonly pointers: {
    readonly onPointerDown: (event: PointerEvent<HTMLElement>) => void;
    readonly onPointerMove: (event: PointerEvent<HTMLElement>) => void;
    readonly onPointerUp: (event: PointerEvent<HTMLElement>) => void;
    readonly onPointerCancel: (event: PointerEvent<HTMLElement>) => void;
    readonly onDoubleClick: (event: { clientX: number; clientY: number }) => void;
  };
}

interface Point {
  readonly x: number;
  readonly y: number;
}

export function useZoom(stage: RefObject<HTMLElement | null>, picture: Size, onSwipe: (step: 1 | -1) => void): Zoom {
  const [place, setPlace] = useState(FITTING);
  const pointers = useRef(new Map<number, Point>());
  const begun = useRef<Point | null>(null);
  const { width, height } = picture;

  const change = useCallback(
    (next: (place: Place, fits: Size, stage: Size) => Place) => {
      const box = stage.current?.getBoundingClientRect();
      if (box) setPlace((now) => next(now, fitted({ width, height }, box), box));
    },
    [stage, width, height],
  );
  const middle = useCallback(
    (x: number, y: number): Point => {
      const box = stage.current?.getBoundingClientRect();
      return box ? { x: x - box.left - box.width / 2, y: y - box.top - box.height / 2 } : { x: 0, y: 0 };
    },
    [stage],
  );
  const zoomAt = useCallback(
    (factor: number, at: Point) => change((now, fits, box) => zoomed(now, factor, at, fits, box)),
    [change],
  );
  const pan = useCallback((x: number, y: number) => change((now, fits, box) => moved(now, x, y, fits, box)), [change]);

  // React listens to the wheel in a way that cannot keep the page from zooming itself.
  useEffect(() => {
    const element = stage.current;
    const wheel = (event: WheelEvent) => {
      event.preventDefault();
      const factor = Math.exp(-event.deltaY * (event.ctrlKey ? 0.01 : 0.002));
      zoomAt(factor, middle(event.clientX, event.clientY));
    };
    element?.addEventListener('wheel', wheel, { passive: false });
    return () => element?.removeEventListener('wheel', wheel);
  }, [stage, zoomAt, middle]);

  const lift = (event: PointerEvent<HTMLElement>, swipes: boolean) => {
    const [from, only] = [begun.current, pointers.current.size === 1];
    pointers.current.delete(event.pointerId);
    if (pointers.current.size > 0) return;
    begun.current = null;
    if (!swipes || !only || from === null || event.pointerType === 'mouse' || place.scale > 1) return;
    const [x, y] = [event.clientX - from.x, event.clientY - from.y];
    if (Math.abs(x) > SWIPE && Math.abs(x) > 2 * Math.abs(y)) onSwipe(x < 0 ? 1 : -1);
  };

  return {
    place,
    zoom: (factor) => zoomAt(factor, { x: 0, y: 0 }),
    pan,
    reset: () => setPlace(FITTING),
    pointers: {
      onPointerDown: (event) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        const point = { x: event.clientX, y: event.clientY };
        pointers.current.set(event.pointerId, point);
        begun.current = pointers.current.size === 1 ? point : null;
      },
      onPointerMove: (event) => {
        const before = pointers.current.get(event.pointerId);
        if (!before) return;
        const now = { x: event.clientX, y: event.clientY };
        const other = [...pointers.current].find(([id]) => id !== event.pointerId)?.[1];
        pointers.current.set(event.pointerId, now);
        if (!other) {
          pan(now.x - before.x, now.y - before.y);
          return;
        }
        const apart = (point: Point) => Math.max(1, Math.hypot(point.x - other.x, point.y - other.y));
        zoomAt(apart(now) / apart(before), middle((now.x + other.x) / 2, (now.y + other.y) / 2));
      },
      onPointerUp: (event) => lift(event, true),
      onPointerCancel: (event) => lift(event, false),
      onDoubleClick: ({ clientX, clientY }) => {
        if (place.scale > 1) setPlace(FITTING);
        else zoomAt(STEP * STEP, middle(clientX, clientY));
      },
    },
  };
}
