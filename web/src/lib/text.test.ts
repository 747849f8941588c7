// The catalogues: complete in every language, with every plural form that the language has, and the same gaps to fill.

import { describe, expect, test } from 'vitest';
import ar from '@/text/ar';
import de from '@/text/de';
import en from '@/text/en';
import es from '@/text/es';
import { preferredLanguage, translator, type Language } from './text';

type Texts = Readonly<Record<string, Readonly<Record<string, string>>>>;
const catalogues: Record<Language, Texts> = { en, de, es, ar };
const suffix = /_(zero|one|two|few|many|other)$/u;

/** The names of a catalogue, plural forms counted once. */
function names(texts: Texts): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const [noun, inside] of Object.entries(texts)) {
    for (const name of Object.keys(inside)) {
      const stem = `${noun}.${name.replace(suffix, '')}`;
      found.set(stem, [...(found.get(stem) ?? []), suffix.exec(name)?.[1] ?? '']);
    }
  }
  return found;
}

function gaps(text: string): string[] {
  return [...text.matchAll(/\{\{(\w+)\}\}/gu)].map((match) => match[1] ?? '').toSorted();
}

describe.each(Object.keys(catalogues) as Language[])('the catalogue %s', (language) => {
  test('has every text, and no other', () => {
    expect([...names(catalogues[language]).keys()].toSorted()).toEqual([...names(en).keys()].toSorted());
  });

  test('has every plural form of its language', () => {
    // Of the numbers that are counted here: some languages have a form for millions only.
    const rules = new Intl.PluralRules(language);
    const forms = [...new Set(Array.from({ length: 1001 }, (_, count) => rules.select(count)))].toSorted();
    for (const [name, held] of names(catalogues[language])) {
      const missing = held.includes('') ? [] : forms.filter((form) => !held.includes(form));
      expect({ name, missing }).toEqual({ name, missing: [] });
    }
  });

  test('has no gap to fill that English does not have', () => {
    for (const [noun, inside] of Object.entries(catalogues[language])) {
      for (const [name, text] of Object.entries(inside)) {
        const original = catalogues.en[noun]?.[name] ?? catalogues.en[noun]?.[name.replace(suffix, '_other')] ?? '';
        const extra = gaps(text).filter((gap) => !gaps(original).includes(gap));
        expect({ name: `${noun}.${name}`, extra }).toEqual({ name: `${noun}.${name}`, extra: [] });
      }
    }
  });
});

test('a count chooses the form that the language has for it', () => {
  const texts = { list: { left_one: 'one', left_other: '{{count}} others', all: 'all' } };
  const t = translator('en', texts);
  // The catalogue is the test's own, so the keys are not those of the client.
  const key = 'list.left' as Parameters<typeof t>[0];
  expect([t(key, { count: 1 }), t(key, { count: 5 })]).toEqual(['one', '5 others']);
});

test('what fills a gap is taken as it is', () => {
  const t = translator('en', { list: { says: '{{name}}: {{text}}' } });
  expect(t('list.says' as Parameters<typeof t>[0], { name: '$&', text: '{{name}}' })).toBe('$&: {{name}}');
});

test('the browser’s first language that there is a catalogue for is taken', () => {
  expect(preferredLanguage(['fr-FR', 'de-AT', 'en'])).toBe('de');
  expect(preferredLanguage(['tlh'])).toBe('en');
});
