// A message of nothing but one to five emoji is shown large.

const MOST = 5;
// Made from a string, because the flag is newer than the language level that the code is compiled for.
const EMOJI = new RegExp(String.raw`^\s*(?:\p{RGI_Emoji}\uFE0F?\s*)+$`, 'v');
const ONE = new RegExp(String.raw`\p{RGI_Emoji}`, 'gv');

export function isJumbo(text: string): boolean {
  // Longer texts need not be looked at: five families of four with skin tones are shorter.
  if (text.length > 120 || !EMOJI.test(text)) return false;
  return [...text.matchAll(ONE)].length <= MOST;
}
