// A message in one line of plain words, for lists, quotes and notifications. It does not need the parser: what it gets
// wrong is a stray mark, and it is never shown as anything but text.

const ENOUGH = 2000;
/** Where marks that are only marks wait, out of the way of what looks for formatting. */
const HELD = 0xe000;
const QUOTE = /^> \[[^\]\n]{0,200}\]\(\/c\/\d+\?at=\d+\)[^\n]*(?:\n>[^\n]*)*\n*/u;

export function plainText(body: string, most = 300): string {
  // A reply says something of its own; the quote before it is not what it says.
  const own = body.slice(0, ENOUGH).replace(QUOTE, '');
  const text = (own.trim() ? own : body.slice(0, ENOUGH))
    .replace(/\\([!-/:-@[-`{-~])/gu, (_, mark: string) => String.fromCharCode(HELD + mark.charCodeAt(0)))
    .replace(/^[ \t]{0,3}(?:`{3,}|~{3,})[^\n`]*$/gmu, '')
    .replace(/^(?:[ \t]{0,3}>[ \t]?)+/gmu, '')
    .replace(/^[ \t]{0,3}#{1,6}[ \t]+/gmu, '')
    .replace(/^[ \t]*[-+*][ \t]+(?:\[[ xX]\][ \t]+)?/gmu, '')
    .replace(/^[ \t]{0,3}(?:[-*_][ \t]*){3,}$/gmu, '')
    .replace(/!?\[([^[\]\n]{0,500})\]\([^()\n]{0,1000}\)/gu, '$1')
    .replace(/<((?:https?:\/\/|mailto:)[^<>\s]+)>/gu, '$1')
    .replace(/(\*{1,3}|~~|`{1,2})(?=\S)([^*~`]+)\1/gu, '$2')
    .replace(/(?<![\p{L}\p{N}])(_{1,3})(?=\S)([^_]+)\1(?![\p{L}\p{N}])/gu, '$2')
    .replace(/[\ue000-\ue07f]/gu, (held) => String.fromCharCode(held.charCodeAt(0) - HELD))
    .replace(/\s+/gu, ' ')
    .trim();
  return text.length > most ? `${text.slice(0, most).replace(/[\ud800-\udbff]$/, '')}…` : text;
}
