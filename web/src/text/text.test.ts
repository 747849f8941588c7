// The catalogues say the same things in every language: the same keys, the same values to fill in, and every plural form
// that the language has.

import { expect, test } from 'vitest';
import ar from './ar';
import de from './de';
import en from './en';
import es from './es';

type Catalogue = Record<string, Record<string, string>>;

const plural = /_(zero|one|two|few|many|other)$/;

/** Key without its plural form, and what is filled into the text. */
function described(catalogue: Catalogue): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const [noun, texts] of Object.entries(catalogue)) {
    for (const [name, text] of Object.entries(texts)) {
      const key = `${noun}.${name.replace(plural, '')}`;
      const values = found.get(key) ?? new Set();
      for (const [, value] of text.matchAll(/\{\{(\w+)\}\}/g)) if (value) values.add(value);
      found.set(key, values);
    }
  }
  return found;
}

const sorted = (values: Iterable<string>) => [...values].toSorted();

test.each([
  ['de', de],
  ['es', es],
  ['ar', ar],
] as const)('%s says what English says', (_, catalogue) => {
  const ours = described(catalogue);
  const theirs = described(en);
  expect(sorted(ours.keys())).toEqual(sorted(theirs.keys()));
  for (const [key, values] of theirs) expect([key, ...sorted(ours.get(key) ?? [])]).toEqual([key, ...sorted(values)]);
});

test.each([
  ['en', en],
  ['de', de],
  ['es', es],
  ['ar', ar],
] as const)('%s has the plural forms that it needs', (language, catalogue: Catalogue) => {
  const forms = new Set(new Intl.PluralRules(language).resolvedOptions().pluralCategories);
  // Spanish has a form for millions, which nothing here counts.
  if (language === 'es') forms.delete('many');
  for (const [noun, texts] of Object.entries(catalogue)) {
    for (const name of Object.keys(texts).filter((key) => key.endsWith('_other'))) {
      const stem = name.replace(plural, '');
      const missing = [...forms].filter((form) => !Object.hasOwn(texts, `${stem}_${form}`));
      expect([`${noun}.${stem}`, ...missing]).toEqual([`${noun}.${stem}`]);
    }
  }
});

test('nothing is empty', () => {
  for (const catalogue of [en, de, es, ar] as Catalogue[]) {
    for (const texts of Object.values(catalogue)) for (const text of Object.values(texts)) expect(text).not.toBe('');
  }
});
