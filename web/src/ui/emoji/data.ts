// The data of the emoji picker: files of our own server, in the language of the page where there are some.

import type { EmojiData, EmojiDataResolver } from 'frimousse';
import deData from 'emojibase-data/de/data.json?url';
import deMessages from 'emojibase-data/de/messages.json?url';
import enData from 'emojibase-data/en/data.json?url';
import enMessages from 'emojibase-data/en/messages.json?url';
import esData from 'emojibase-data/es/data.json?url';
import esMessages from 'emojibase-data/es/messages.json?url';
import { newestSupported } from './support';
import { byName, fromHexcode } from './table';

const files = {
  en: [enData, enMessages],
  de: [deData, deMessages],
  es: [esData, esMessages],
} as const;

/** There is no Arabic data; English names are better than none. */
export function pickerLocale(language: string): keyof typeof files {
  return language === 'de' || language === 'es' ? language : 'en';
}

interface SourceEmoji {
  hexcode: string;
  emoji: string;
  label: string;
  tags?: string[];
  group?: number;
  order?: number;
  version: number;
  skins?: { hexcode: string; tone: number | number[] }[];
}

interface SourceMessages {
  groups: { key: string; message: string; order: number }[];
  skinTones: { key: 'light' | 'medium-light' | 'medium' | 'medium-dark' | 'dark'; message: string }[];
}

/** Parts of emoji, such as hair and skin, which are none by themselves. */
const COMPONENTS = 'component';

export const resolveEmojiData: EmojiDataResolver = async (language, { signal }) => {
  const [data, messages] = files[pickerLocale(language)];
  // The files were built with this code and their addresses have their hashes, so their shape is known.
  const [emojis, words] = await Promise.all([
    json<SourceEmoji[]>(data, signal),
    json<SourceMessages>(messages, signal),
  ]);
  return picked(language, emojis, words, newestSupported());
};

async function json<T>(address: string, signal: AbortSignal | undefined): Promise<T> {
  const answer = await fetch(address, signal ? { signal } : {});
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  return answer.json() as Promise<T>;
}

export function picked(locale: string, emojis: SourceEmoji[], words: SourceMessages, newest: number): EmojiData {
  const hidden = words.groups.find((group) => group.key === COMPONENTS)?.order;
  const aliases = new Map<string, string[]>();
  for (const [name, emoji] of byName) aliases.set(emoji, [...(aliases.get(emoji) ?? []), name]);
  const shown = emojis.filter(
    (entry) => entry.group !== undefined && entry.group !== hidden && entry.version <= newest,
  );
  return {
    locale,
    emojis: shown
      .toSorted((a, b) => (a.order ?? 0) - (b.order ?? 0))
      .map((entry) => {
        const emoji = fromHexcode(entry.hexcode);
        const skins = skinsOf(entry);
        const made: EmojiData['emojis'][number] = {
          emoji,
          category: entry.group ?? 0,
          label: capital(entry.label, locale),
          version: entry.version,
          tags: [...(entry.tags ?? []), ...(aliases.get(emoji) ?? []).map((name) => name.replaceAll('_', ' '))],
        };
        if (skins) made.skins = skins;
        return made;
      }),
    categories: words.groups
      .filter((group) => group.order !== hidden)
      .map((group) => ({ index: group.order, label: capital(group.message, locale) })),
    skinTones: tones((key) => capital(words.skinTones.find((tone) => tone.key === key)?.message ?? key, locale)),
  };
}

type Tones = EmojiData['skinTones'];

function tones(of: (key: keyof Tones, index: number) => string): Tones {
  return {
    light: of('light', 1),
    'medium-light': of('medium-light', 2),
    medium: of('medium', 3),
    'medium-dark': of('medium-dark', 4),
    dark: of('dark', 5),
  };
}

/** One emoji for each tone. Those with two people have more; the picker offers both people in the same tone. */
function skinsOf({ skins, hexcode }: SourceEmoji): Tones | null {
  if (!skins) return null;
  return tones((_, tone) => fromHexcode(skins.find((skin) => skin.tone === tone)?.hexcode ?? hexcode));
}

function capital(text: string, locale: string): string {
  return text.charAt(0).toLocaleUpperCase(locale) + text.slice(1);
}
