// Texts come out as i18next, whose format this is, would put them.

import { createInstance } from 'i18next';
import { beforeAll, expect, test } from 'vitest';
import ar from '@/text/ar';
import de from '@/text/de';
import en from '@/text/en';
import es from '@/text/es';
import { translator, type Texts } from './catalogue';

const catalogues: Record<string, Texts> = { ar, de, en, es };
const engine = createInstance();

beforeAll(async () => {
  await engine.init({
    fallbackLng: 'en',
    nsSeparator: false,
    interpolation: { escapeValue: false },
    resources: Object.fromEntries(
      Object.entries(catalogues).map(([language, translation]) => [language, { translation }]),
    ),
  });
});

test.each(['en', 'de', 'es', 'ar'])('every text in %s, for many numbers', (language) => {
  const ours = translator(language, catalogues[language] ?? en, en);
  const theirs = engine.getFixedT(language);
  for (const [noun, texts] of Object.entries(en as Texts)) {
    for (const name of Object.keys(texts)) {
      const key = `${noun}.${name.replace(/_(one|other)$/, '')}`;
      const values = { name: '<b>Ada & $1</b>', when: 'soon', server: 's' };
      const counts = name === key.slice(noun.length + 1) ? [undefined] : [0, 1, 2, 3, 11, 100, 101];
      for (const count of counts) {
        const given = count === undefined ? values : { ...values, count };
        // Apart from the marks that keep names of the other direction to themselves.
        const text = ours(key, given).replace(/[\u2068\u2069]/g, '');
        expect([key, count, text]).toEqual([key, count, theirs(key, given)]);
      }
    }
  }
});

test('what is not there comes back as its key', () => {
  expect(translator('en', en)('nothing.here')).toBe('nothing.here');
  expect(translator('en', en)('common.constructor')).toBe('common.constructor');
});

test('what a language lacks is said in the next', () => {
  const lacking = { common: { close: 'Schließen' } };
  expect(translator('de', lacking, en)('common.close')).toBe('Schließen');
  expect(translator('de', lacking, en)('common.save')).toBe('Save');
});

test('a name of the other direction keeps its direction to itself', () => {
  const t = translator('en', { list: { joined: '{{name}} joined.' } });
  expect(t('list.joined', { name: 'Ada' })).toBe('Ada joined.');
  expect(t('list.joined', { name: 'يوسف' })).toBe('\u2068يوسف\u2069 joined.');
});
