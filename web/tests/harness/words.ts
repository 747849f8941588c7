// The words on the screen, out of the catalogue that puts them there: a test that looks for them does not break when they
// are put better.

import { translator } from '@/lib/catalogue';
import type { TextKey } from '@/lib/text';
import ar from '@/text/ar';
import en from '@/text/en';

const languages = { en: translator('en', en), ar: translator('ar', ar) };

type Values = Readonly<Record<string, string | number>>;

export function words(key: TextKey, values: Values = {}, language: keyof typeof languages = 'en'): string {
  const text = languages[language](key, values);
  if (text === key) throw new Error(`there is no text ${key}`);
  return text;
}

/** The same where a value is not known: any text fits there. */
export function wordsLike(key: TextKey, values: Values = {}, language: keyof typeof languages = 'en'): RegExp {
  const kept = words(key, values, language).split(/\{\{\w+\}\}/);
  return new RegExp(kept.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('.*'), 'u');
}
