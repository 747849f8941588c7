// The names of emoji as people know them from other chats (`:tada:`), a small chunk of its own.

import github from 'emojibase-data/en/shortcodes/github.json';

export interface NamedEmoji {
  readonly name: string;
  readonly emoji: string;
}

const ALONE = /^\p{Emoji_Presentation}$/u;

/** From `1F44D` to the emoji. A lone character that is text by default is told to be an emoji. */
export function fromHexcode(hexcode: string): string {
  const points = hexcode.split('-').map((part) => Number.parseInt(part, 16));
  const emoji = String.fromCodePoint(...points);
  return points.length === 1 && !ALONE.test(emoji) ? `${emoji}\uFE0F` : emoji;
}

export const table: readonly NamedEmoji[] = Object.entries(github).flatMap(([hexcode, names]) => {
  const emoji = fromHexcode(hexcode);
  return (typeof names === 'string' ? [names] : names).map((name) => ({ name, emoji }));
});

export const byName: ReadonlyMap<string, string> = new Map(table.map(({ name, emoji }) => [name, emoji]));
