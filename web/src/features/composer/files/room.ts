// What the server takes, asked before anything travels: nobody should wait for an upload that ends in a refusal.

import { FILES_PER_MESSAGE } from './limits';

export interface Room {
  /** Bytes of one file at most; null when the server does not say. */
  readonly file: number | null;
  /** Bytes that are left; null for as many as one likes. */
  readonly left: number | null;
}

export type Objection =
  { readonly why: 'many' | 'quota' } | { readonly why: 'large'; readonly names: readonly string[] };

interface Fitting<T> {
  readonly taken: readonly T[];
  readonly objections: readonly Objection[];
}

/** Which of the files can be taken beside those that are there, and what is to be said of the others. */
export function fitting<T extends { readonly name: string; readonly size: number }>(
  files: readonly T[],
  there: number,
  room: Room,
): Fitting<T> {
  const objections: Objection[] = [];
  const large = files.filter(({ size }) => room.file !== null && size > room.file);
  if (large.length > 0) objections.push({ why: 'large', names: large.map(({ name }) => name) });
  const small = files.filter((file) => !large.includes(file));
  const few = small.slice(0, Math.max(0, FILES_PER_MESSAGE - there));
  if (few.length < small.length) objections.push({ why: 'many' });
  let left = room.left ?? Number.POSITIVE_INFINITY;
  const taken = few.filter(({ size }) => {
    if (size > left) return false;
    left -= size;
    return true;
  });
  if (taken.length < few.length) objections.push({ why: 'quota' });
  return { taken, objections };
}
