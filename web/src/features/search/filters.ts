// What can be put into a search besides words, and what the word under the caret can be completed to. Pure, so that it
// is tested without a page.

import type { TextKey } from '@/lib/text';

export type FilterName = 'from' | 'in' | 'has' | 'before' | 'after' | 'during' | 'is' | 'mentions';

export interface Filter {
  readonly name: FilterName;
  readonly hint: TextKey;
  /** What may stand behind the colon, where that is a short list. */
  readonly values: readonly { readonly value: string; readonly hint: TextKey }[];
}

export const filters: readonly Filter[] = [
  { name: 'from', hint: 'search.from', values: [{ value: 'me', hint: 'search.you' }] },
  { name: 'in', hint: 'search.in', values: [] },
  {
    name: 'has',
    hint: 'search.has',
    values: [
      { value: 'file', hint: 'search.hasFile' },
      { value: 'image', hint: 'search.hasImage' },
      { value: 'video', hint: 'search.hasVideo' },
      { value: 'audio', hint: 'search.hasAudio' },
      { value: 'link', hint: 'search.hasLink' },
      { value: 'reaction', hint: 'search.hasReaction' },
      { value: 'poll', hint: 'search.hasPoll' },
    ],
  },
  { name: 'before', hint: 'search.before', values: [] },
  { name: 'after', hint: 'search.after', values: [] },
  { name: 'during', hint: 'search.during', values: [] },
  { name: 'is', hint: 'search.is', values: [{ value: 'pinned', hint: 'search.is' }] },
  { name: 'mentions', hint: 'search.mentions', values: [{ value: 'me', hint: 'search.mentions' }] },
];

/** The word that is being typed, as far as it can be a filter. */
export interface Typed {
  readonly from: number;
  readonly to: number;
  /** A minus before it turns the filter round. */
  readonly not: boolean;
  /** Null while the filter's own name is being typed. */
  readonly filter: FilterName | null;
  /** What was typed of the name, or of the value. */
  readonly part: string;
}

const names: ReadonlySet<string> = new Set(filters.map(({ name }) => name));

function isFilter(name: string): name is FilterName {
  return names.has(name);
}

/** The word at the caret. Within quotes there are only words. */
export function typedAt(text: string, caret: number): Typed | null {
  const before = text.slice(0, caret);
  const start = /(?:^|\s)(-?[a-z]+:"[^"]*|[^\s"]*)$/i.exec(before);
  if (!start?.[1] && start?.[1] !== '') return null;
  const word = start[1];
  const from = caret - word.length;
  const not = word.startsWith('-');
  const own = not ? word.slice(1) : word;
  const colon = own.indexOf(':');
  if (colon < 0) return { from, to: caret, not, filter: null, part: own.toLowerCase() };
  const name = own.slice(0, colon).toLowerCase();
  if (!isFilter(name)) return null;
  return {
    from,
    to: caret,
    not,
    filter: name,
    part: own
      .slice(colon + 1)
      .replace(/^["@#]+/, '')
      .toLowerCase(),
  };
}

/** Filters whose name begins with what was typed. Nothing typed offers all of them. */
export function filtersFor(part: string): readonly Filter[] {
  return filters.filter(({ name }) => name.startsWith(part));
}

/** The text with the word at the caret replaced by a filter, and where the caret stands then. */
export function completed(
  text: string,
  typed: Pick<Typed, 'from' | 'to' | 'not'>,
  filter: FilterName,
  value: string | null,
): { text: string; caret: number } {
  const written = value === null ? '' : /[\s"]/.test(value) ? `"${value.replaceAll('"', '')}" ` : `${value} `;
  const word = `${typed.not ? '-' : ''}${filter}:${written}`;
  const rest = text.slice(typed.to);
  const head = text.slice(0, typed.from) + (word.endsWith(' ') && rest.startsWith(' ') ? word.slice(0, -1) : word);
  return { text: head + rest, caret: head.length };
}

function two(number: number): string {
  return String(number).padStart(2, '0');
}

/** A day as the search writes it, in the reader's time zone. */
export function dayOf(date: Date): string {
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** Days that are often meant. */
export function daysFor(filter: FilterName, now = new Date()): readonly { value: string; hint: TextKey }[] {
  const ago = (days: number) => dayOf(new Date(now.getFullYear(), now.getMonth(), now.getDate() - days));
  const days = [
    { value: ago(0), hint: 'search.today' },
    { value: ago(1), hint: 'search.yesterday' },
    { value: ago(7), hint: 'search.weekAgo' },
  ] as const;
  if (filter !== 'during') return days;
  const [today, yesterday] = days;
  return [
    today,
    yesterday,
    { value: ago(0).slice(0, 7), hint: 'search.thisMonth' },
    { value: ago(0).slice(0, 4), hint: 'search.thisYear' },
  ];
}
