// The words that people see. Components ask for them by key; the catalogues under `src/text` hold them, one file for
// each noun and language. A language is loaded when it is used.

import { createInstance } from 'i18next';
import { useSyncExternalStore } from 'react';
import type en from '@/text/en';

export const languages = ['en', 'de', 'es', 'ar'] as const;
export type Language = (typeof languages)[number];

type Catalogue = typeof en;
type Base<Key> = Key extends `${infer Stem}_${'zero' | 'one' | 'two' | 'few' | 'many' | 'other'}`
  ? Stem
  : Extract<Key, string>;
/** Every text by noun and name, plural forms counted once: `message.replies` for `replies_one` and `replies_other`. */
export type TextKey = {
  [Noun in keyof Catalogue]: `${Noun}.${Base<keyof Catalogue[Noun]>}`;
}[keyof Catalogue];
export type Translate = (key: TextKey, values?: Readonly<Record<string, string | number>>) => string;

const load: Record<Language, () => Promise<{ default: unknown }>> = {
  en: () => import('@/text/en'),
  de: () => import('@/text/de'),
  es: () => import('@/text/es'),
  ar: () => import('@/text/ar'),
};

// What comes out is put into text nodes and attributes by React, which escapes it; escaping here would show the escapes.
const engine = createInstance();
const begun = engine.init({ fallbackLng: 'en', nsSeparator: false, interpolation: { escapeValue: false } });
const listeners = new Set<() => void>();

/** Bound to one language, so that its identity tells components when the language has changed. */
let translate: Translate = (key) => key;
let current: Language = 'en';

/** The first of the browser's languages that there is a catalogue for. */
export function preferredLanguage(wanted: readonly string[] = navigator.languages): Language {
  const stems = wanted.map((tag) => tag.toLowerCase().split('-')[0]);
  return stems.map((stem) => languages.find((language) => language === stem)).find(Boolean) ?? 'en';
}

export async function setLanguage(language: Language): Promise<void> {
  await begun;
  if (!engine.hasResourceBundle(language, 'translation')) {
    const { default: catalogue } = await load[language]();
    engine.addResourceBundle(language, 'translation', catalogue);
  }
  await engine.changeLanguage(language);
  current = language;
  const bound = engine.getFixedT(language);
  translate = (key, values) => bound(key, values ?? {});
  document.documentElement.lang = language;
  document.documentElement.dir = engine.dir(language);
  listeners.forEach((listener) => listener());
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** `t` for components: they render again when the language changes. */
export function useText(): Translate {
  return useSyncExternalStore(subscribe, () => translate);
}

/** `t` outside of components, for what is said once, such as a toast. */
export const t: Translate = (key, values) => translate(key, values);

export function language(): Language {
  return current;
}

export function useLanguage(): Language {
  return useSyncExternalStore(subscribe, language);
}
