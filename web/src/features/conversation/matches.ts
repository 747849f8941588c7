// Looking for somebody among people that are there already: every word must begin a word of their names, as the server
// searches too.

import type { UserSummary } from '@/protocol.gen';

function plain(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLocaleLowerCase();
}

function words(text: string): string[] {
  return plain(text)
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);
}

export function matches(person: UserSummary, text: string): boolean {
  const names = [...words(person.display_name), ...words(person.username), plain(person.username)];
  return words(text).every((word) => names.some((name) => name.startsWith(word)));
}
