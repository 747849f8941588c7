// The words that people see. Components ask for them by key; the catalogues under `src/text` hold them, one file for
// each noun and language. A language is loaded when it is used, in two parts: the texts of the first page, and the rest,
// which what is loaded later asks for.

import { useSyncExternalStore } from 'react';
import type en from '@/text/en';
import { translator, type Texts } from './catalogue';

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

type Load = () => Promise<{ default: Texts }>;

const loadFirst: Record<Language, Load> = {
  en: () => import('@/text/en/first'),
  de: () => import('@/text/de/first'),
  es: () => import('@/text/es/first'),
  ar: () => import('@/text/ar/first'),
};

const loadRest: Record<Language, Load> = {
  en: () => import('@/text/en/rest'),
  de: () => import('@/text/de/rest'),
  es: () => import('@/text/es/rest'),
  ar: () => import('@/text/ar/rest'),
};

const listeners = new Set<() => void>();

/** Bound to one language, so that its identity tells components when the language has changed. */
let translate: Translate = (key) => key;
let current: Language = 'en';

/** What is to be loaded; `current` follows when it has been. */
let wanted: Language = 'en';
let whole = false;
let rest: Promise<void> | null = null;

/** The first of the browser's languages that there is a catalogue for. */
export function preferredLanguage(wanted: readonly string[] = navigator.languages): Language {
  const stems = wanted.map((tag) => tag.toLowerCase().split('-')[0]);
  return stems.map((stem) => languages.find((language) => language === stem)).find(Boolean) ?? 'en';
}

export async function setLanguage(language: Language): Promise<void> {
  wanted = language;
  await bring();
}

/** Loads the texts beyond the first page's, in this language and in every other that is chosen from now on. */
export function restOfText(): Promise<void> {
  whole = true;
  rest ??= bring().catch((problem: unknown) => {
    // Whoever needs them next tries again.
    rest = null;
    throw problem;
  });
  return rest;
}

/** Loads what is wanted, and translates with it from then on. */
async function bring(): Promise<void> {
  const [language, all] = [wanted, whole];
  // A test holds that every language is complete, so no other needs to be loaded to fall back to.
  const parts = all ? [loadFirst, loadRest] : [loadFirst];
  const catalogues = await Promise.all(parts.map((part) => part[language]()));
  if (language !== wanted || all !== whole) {
    // Somebody wanted something else meanwhile.
    await bring();
    return;
  }
  current = language;
  translate = translator(language, ...catalogues.map((catalogue) => catalogue.default));
  document.documentElement.lang = language;
  document.documentElement.dir = language === 'ar' ? 'rtl' : 'ltr';
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

/**
 * The language with the region that this browser has for it, which decides how times and numbers are written: somebody
 * in London who reads English does not expect 2:30 PM.
 */
export function locale(): string {
  return navigator.languages.find((tag) => tag.toLowerCase().split('-')[0] === current) ?? current;
}

export function useLanguage(): Language {
  return useSyncExternalStore(subscribe, language);
}
