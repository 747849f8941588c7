// The room that files take in the timeline, known before anything of them has loaded, so that nothing jumps.

import type { CSSProperties } from 'react';
import type { StoredFile } from '@/lib/file';

/** What decides about room, of a file that has arrived or of one that is still on its way. */
export type Shaped = Pick<StoredFile, 'kind' | 'width' | 'height' | 'voice'>;

export interface Sorted<T> {
  readonly seen: readonly T[];
  readonly heard: readonly T[];
  readonly others: readonly T[];
}

/** In pixels at the usual size of text. */
const WIDEST = 416;
const HIGHEST = 320;
const LEAST = 64;

/** What has a shape is shown, what sounds is played, and the rest is named. */
export function sorted<T extends Shaped>(files: readonly T[]): Sorted<T> {
  return {
    seen: files.filter(isSeen),
    heard: files.filter((file) => file.kind === 'audio'),
    others: files.filter((file) => !isSeen(file) && file.kind !== 'audio'),
  };
}

function isSeen({ kind, width, height }: Shaped): boolean {
  return (kind === 'image' || kind === 'video') && Boolean(width) && Boolean(height);
}

/** The box of one picture alone: its own shape, no larger than is pleasant, and large enough to be pressed. */
export function boxOf({ width, height }: Shaped): CSSProperties {
  const [wide, high] = [width ?? 1, height ?? 1];
  const scale = Math.min(1, WIDEST / wide, HIGHEST / high);
  const [inlineSize, blockSize] = [Math.max(LEAST, wide * scale), Math.max(LEAST, high * scale)];
  return { inlineSize: `${inlineSize / 16}rem`, aspectRatio: `${inlineSize} / ${blockSize}` };
}

/** How many stand beside each other in a grid. */
export function columnsOf(count: number): number {
  return count === 2 || count === 4 ? 2 : 3;
}
