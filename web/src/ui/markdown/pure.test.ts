// The small laws that the rest is built on.

import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { address, deceives, messageLink } from './links';
import { isMarked } from './parsing';
import { plainText } from './plain';
import { quoteOf } from './quoteText';
import { replyQuote } from './quote';
import { parse } from './parse';
import { head, sections } from './sections';
import { tokens } from './tokens';

const origin = 'https://chat.example';
const names = (text: string) => tokens(text).flatMap((token) => (token.kind === 'person' ? [token.name] : []));
const line = (text: string) => plainText(text).replaceAll(/\s+/gu, ' ').trim();

describe('addresses', () => {
  test('of our own pages open without loading', () => {
    expect(address('/c/1?at=2', origin)).toMatchObject({ href: '/c/1?at=2', own: true });
    expect(address('https://chat.example/c/1', origin)).toMatchObject({ href: '/c/1', own: true });
    expect(address('https://chat.example/api/v1/x', origin)).toMatchObject({ own: false });
  });

  test('of other kinds are none', () => {
    const texts = ['javascript:x', 'data:x', '//x', '/api', 'page', '?q', '#f', 'ftp://x', '', '/c/../api/v1'];
    expect(texts.filter((text) => address(text, origin))).toEqual([]);
  });

  test('whatever is typed, what comes out is harmless', () => {
    const scheme = fc.constantFrom(
      'javascript:',
      'JAVASCRIPT:',
      'data:',
      'http:',
      'https://',
      '/c/',
      '\t',
      '\u0001',
      '//',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(scheme, fc.string())), (parts) => {
        const found = address(parts.join(''), origin);
        expect(found ? new URL(found.href, origin).protocol : 'https:').toMatch(/^(?:https?|mailto):$/u);
      }),
    );
  });

  test('deceive when their words name another place', () => {
    const target = address('https://www.example.org/a', origin);
    expect(target && deceives('example.org', target)).toBe(false);
    expect(target && deceives('https://example.org/b', target)).toBe(false);
    expect(target && deceives('click here', target)).toBe(false);
    expect(target && deceives('example.com', target)).toBe(true);
  });

  test('of messages', () => {
    expect(messageLink('/c/12?at=3')).toEqual({ conversationId: '12', seq: 3 });
    expect(messageLink('/c/12')).toBeNull();
  });
});

describe('names in a text', () => {
  test('are found by the rules of the server', () => {
    expect(names('hi @Ann, @bob.c and (@d_e). @ann!')).toEqual(['ann', 'bob.c', 'd_e', 'ann']);
    expect(names('@ @@ @. a@b x@y.example')).toEqual([]);
  });

  test('nothing of the text is lost', () => {
    const part = fc.constantFrom('@', '#', ':', 'ann', ' ', '.', '\n', 'é');
    fc.assert(
      fc.property(fc.array(fc.oneof(part, fc.string())), (parts) => {
        const text = parts.join('');
        expect(
          tokens(text)
            .map((token) => token.text)
            .join(''),
        ).toBe(text);
      }),
    );
  });
});

describe('sections', () => {
  const long = fc.array(
    fc.oneof(fc.constantFrom('\n', '\n\n', 'word '.repeat(300), 'x'.repeat(7000), '👍'.repeat(3500)), fc.string()),
    {
      maxLength: 30,
    },
  );

  test('of a text without fences are the text', () => {
    fc.assert(
      fc.property(long, (parts) => {
        const text = parts.join('').replaceAll(/[`~]/gu, '');
        const pieces = sections(text);
        expect(pieces.join('')).toBe(text);
        for (const piece of pieces) expect(piece.length).toBeLessThanOrEqual(6000);
      }),
    );
  });

  test('the head is the beginning', () => {
    fc.assert(
      fc.property(long, (parts) => {
        const text = parts.join('');
        expect(text.startsWith(head(text))).toBe(true);
        expect(head(text).length).toBeLessThanOrEqual(6000);
      }),
    );
  });

  test('a fence that is cut goes on', () => {
    const pieces = sections(`\`\`\`js\n${'let a = 1;\n'.repeat(2000)}\`\`\`\nafter`);
    expect(pieces.length).toBeGreaterThan(2);
    for (const piece of pieces) expect(piece).toMatch(/^```js\n[^]*\n```/u);
    expect(pieces.at(-1)).toMatch(/after$/u);
  });
});

describe('text in one line', () => {
  test.each([
    ['**a** _b_ `c` ~~d~~', 'a b c d'],
    ['# Title\n\n- one\n- [x] two\n> three', 'Title one two three'],
    ['[words](https://example.org) ![cat](x.png)', 'words cat'],
    ['```js\nlet a\n```', 'let a'],
    ['> [Ann](/c/1?at=2): before\n\nmine', 'mine'],
    ['snake_case_name 2 * 3 * 4', 'snake_case_name 2 * 3 * 4'],
    ['a \\*b\\*', 'a *b*'],
    ['', ''],
  ])('%j', (body, text) => {
    expect(plainText(body)).toBe(text);
  });

  test('is short', () => {
    expect(plainText('a'.repeat(100_000)).length).toBeLessThanOrEqual(301);
  });
});

test('a quote that is written is read again', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), fc.string(), (name, excerpt) => {
      fc.pre(line(name) !== '' && !/[&@]|:\/\/|www/iu.test(name + excerpt));
      const tree = parse(`${quoteOf('12', 3, line(name), line(excerpt))}answer`);
      const quote = tree && replyQuote(tree);
      expect(quote).toMatchObject({ conversationId: '12', seq: 3, name: line(name) });
    }),
  );
});

test('plain words do not need the parser', () => {
  const plain = ['hello there', 'how are you? fine!', 'at 10:30, ok', 'hi @ann and #general :tada:', "it's (fine)"];
  expect(plain.filter(isMarked)).toEqual([]);
  const marked = ['**a**', '- a', '1. a', '# a', '> a', '    code', 'a\n---', 'https://x.y', 'a@b.c', '&amp;', '\\*'];
  expect(marked.filter(isMarked)).toEqual(marked);
});
