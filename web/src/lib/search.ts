// Finding by what one types: forgiving about case, accents and omitted letters, strict about their order. For short
// lists that are here already; the server searches the long ones.

/** Without accents, case and vowel signs: `Ünal` and `unal`, `أحمد` and `احمد` become the same. */
export function fold(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/ß/g, 'ss')
    .replace(/ł/g, 'l')
    .replace(/ø/g, 'o')
    .replace(/ı/g, 'i')
    .replace(/ـ/g, '')
    .replace(/ى/g, 'ي')
    .replace(/ة/g, 'ه')
    .trim();
}

function startsWord(text: string, at: number): boolean {
  const before = text[at - 1];
  return before === undefined || !/[\p{L}\p{N}]/u.test(before);
}

/**
 * How well a text answers one folded word, from 0 (not at all) to 1 (it is the same). Whole beats beginning, beginning
 * beats the beginning of a later word, that beats the middle of one, and scattered letters come last.
 */
function wordScore(word: string, text: string): number {
  if (text === word) return 1;
  if (text.startsWith(word)) return 0.9;
  let at = text.indexOf(word);
  const inside = at >= 0;
  while (at >= 0) {
    if (startsWord(text, at)) return 0.8;
    at = text.indexOf(word, at + 1);
  }
  if (inside) return 0.5;
  return scattered(word, text);
}

/** All letters in order, worth more where they begin words (`gs` for `General Support`) and stand together. */
function scattered(word: string, text: string): number {
  if (word.length < 2) return 0;
  let from = 0;
  let good = 0;
  let last = -2;
  for (const letter of word) {
    let at = text.indexOf(letter, from);
    // The beginning of a later word is a better place than the middle of this one.
    for (let next = at; next >= 0; next = text.indexOf(letter, next + 1)) {
      if (startsWord(text, next)) {
        if (at !== last + 1) at = next;
        break;
      }
    }
    if (at < 0) return 0;
    if (at === last + 1 || startsWord(text, at)) good += 1;
    last = at;
    from = at + 1;
  }
  // Letters strewn over the text are a coincidence.
  const share = good / word.length;
  return share >= 0.6 ? 0.4 * share : 0;
}

/** How well the texts answer the query, each word by the text that answers it best; 0 if a word is not answered. */
export function score(query: string, ...texts: readonly (string | null | undefined)[]): number {
  const whole = fold(query);
  const words = whole.split(/\s+/).filter(Boolean);
  if (words.length === 0) return 1;
  const folded = texts.filter((text) => text !== null && text !== undefined).map(fold);
  // Word by word, a name of several words would not count as the same as itself.
  const same = folded.indexOf(whole);
  if (same >= 0) return 1 - same * 0.05;
  let total = 0;
  for (const word of words) {
    // What comes first, the name, counts a little more than what comes after.
    const best = Math.max(0, ...folded.map((text, index) => wordScore(word, text) * (1 - index * 0.05)));
    if (best === 0) return 0;
    total += best;
  }
  return total / words.length;
}
