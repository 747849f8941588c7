// What a poll's numbers say.

import type { Poll } from '@/protocol.gen';

export function isClosed({ closed_at, closes_at }: Pick<Poll, 'closed_at' | 'closes_at'>, now = Date.now()): boolean {
  return closed_at !== null || (closes_at !== null && Date.parse(closes_at) <= now);
}

/** Which options oneself has chosen. */
export function chosen({ options }: Pick<Poll, 'options'>): readonly number[] {
  return options.flatMap(({ me }, index) => (me === true ? [index] : []));
}

/** The choice after one option was pressed: again takes it back, and of a single choice another replaces it. */
export function picked({ multiple }: Pick<Poll, 'multiple'>, before: readonly number[], option: number): number[] {
  if (before.includes(option)) return before.filter((one) => one !== option);
  return multiple ? [...before, option].toSorted((a, b) => a - b) : [option];
}

/** Of those who have voted, how many in a hundred have chosen an option. */
export function share({ voters }: Pick<Poll, 'voters'>, count: number): number {
  return voters === 0 ? 0 : Math.round((100 * count) / voters);
}
