// The small laws that the composer is built on.

import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { continued, fence, inFence, isAddress, link, prefix, wrap, type Change, type Selection } from './edit';
import { hints } from './hints';
import { scalars } from './length';
import { markdownOf } from './paste';
import { ranked } from './rank';
import { triggerAt } from './trigger';

/** `a [b] c`: the selection in square brackets; `|`: the caret. */
function selected(text: string): Selection {
  const caret = text.indexOf('|');
  if (caret >= 0) return { text: text.replace('|', ''), start: caret, end: caret };
  const start = text.indexOf('[');
  return { text: text.replace('[', '').replace(']', ''), start, end: text.indexOf(']') - 1 };
}

function after({ text }: Selection, { from, to, by, start, end }: Change): string {
  const next = text.slice(0, from) + by + text.slice(to);
  return start === end
    ? `${next.slice(0, start)}|${next.slice(start)}`
    : `${next.slice(0, start)}[${next.slice(start, end)}]${next.slice(end)}`;
}

const changed = (text: string, change: (selection: Selection) => Change | null) => {
  const selection = selected(text);
  const made = change(selection);
  return made ? after(selection, made) : null;
};

function found(text: string) {
  const trigger = triggerAt(text, text.length);
  return trigger && [trigger.kind, trigger.query, trigger.from];
}

describe('formatting', () => {
  test.each([
    ['a [b] c', 'a **[b]** c'],
    ['a **[b]** c', 'a [b] c'],
    ['a [ b ] c', 'a  **[b]**  c'],
    ['|', '**|**'],
  ])('bold: %s', (before, then) => {
    expect(changed(before, (selection) => wrap(selection, '**'))).toBe(then);
  });

  test('what is bold can be italic as well', () => {
    expect(changed('**[b]**', (selection) => wrap(selection, '*'))).toBe('***[b]***');
  });

  test('links', () => {
    expect(changed('[b]', (selection) => link(selection, 'https://x.example'))).toBe('[b](https://x.example)|');
    expect(changed('|', (selection) => link(selection))).toBe('[|]()');
  });

  test('lines', () => {
    expect(changed('[a\nb]', (selection) => prefix(selection, 'numbers'))).toBe('[1. a\n2. b]');
    expect(changed('[> a\n> b]', (selection) => prefix(selection, 'quote'))).toBe('[a\nb]');
    expect(changed('a|', (selection) => prefix(selection, 'bullets'))).toBe('- a|');
  });

  test('blocks of code', () => {
    expect(changed('a [b] c', (selection) => fence(selection))).toBe('a \n```\n[b]\n```\n c');
  });
});

describe('a new line', () => {
  test.each([
    ['- a|', '- a\n- |'],
    ['  9. a|', '  9. a\n  10. |'],
    ['> a|', '> a\n> |'],
    ['> - a|', '> - a\n> - |'],
    ['x\n- |', 'x\n|'],
    ['> |', '|'],
  ])('goes on: %j', (before, then) => {
    expect(changed(before, continued)).toBe(then);
  });

  test('a task goes on with a task that is not done', () => {
    const text = '- [x] a';
    expect(continued({ text, start: text.length, end: text.length })?.by).toBe('\n- [ ] ');
  });

  test.each(['a|', '|', '-a|', '1.a|'])('is just a line: %j', (before) => {
    expect(changed(before, continued)).toBeNull();
  });

  test('in a block of code', () => {
    expect(inFence('```\na', 5)).toBe(true);
    expect(inFence('```\na\n```\n', 10)).toBe(false);
    expect(inFence('a', 1)).toBe(false);
  });
});

describe('names that are being typed', () => {
  test.each([
    ['@', ['person', '', 0]],
    ['hi @an', ['person', 'an', 3]],
    ['(@an', ['person', 'an', 1]],
    ['#gen', ['channel', 'gen', 0]],
    [':ta', ['emoji', 'ta', 0]],
    ['مرحبا @سا', ['person', 'سا', 6]],
    ['a@b', null],
    ['12:30', null],
    [':t', null],
    ['`@an', null],
    ['```\n@an', null],
    ['https://x/#a', null],
  ])('%j', (text, trigger) => {
    expect(found(text)).toEqual(trigger);
  });
});

test('those come first whose names begin with it', () => {
  const all = ['Anna Lee', 'Lea Ann', 'Hannah', 'José'].map((name) => ({ names: [name] }));
  expect(ranked(all, 'ann', 8).map(({ names }) => names[0])).toEqual(['Anna Lee', 'Lea Ann', 'Hannah']);
  expect(ranked(all, 'jose', 8)).toHaveLength(1);
});

describe('hints', () => {
  test('lose nothing of the text', () => {
    const part = fc.constantFrom(
      '*',
      '**',
      '_',
      '`',
      '```',
      '~~',
      '[',
      '](',
      ')',
      '\n',
      '> ',
      '- ',
      '# ',
      'a',
      ' ',
      '@a',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(part, fc.string())), (parts) => {
        const text = parts.join('');
        expect(
          hints(text)
            .map((hint) => hint.text)
            .join(''),
        ).toBe(text);
      }),
    );
  });

  test('see what the marks enclose', () => {
    const kinds = hints('**a** `b` ~~c~~ [d](/e) @f').filter(({ kind }) => kind !== 'mark' && kind !== 'text');
    expect(kinds.map(({ kind, text }) => `${kind} ${text}`)).toEqual([
      'strong a',
      'code b',
      'del c',
      'link d',
      'name @f',
    ]);
  });
});

test('characters are counted as the server counts them', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      expect(scalars(text)).toBe(Array.from(text).length);
    }),
  );
});

describe('what is pasted', () => {
  test.each([
    ['<p>a <b>b</b> <i>c</i></p>', 'a **b** *c*'],
    ['<ul><li>a</li><li>b</li></ul>', '- a\n- b'],
    ['<ol><li>a<li>b</ol>', '1. a\n2. b'],
    ['<a href="https://x.example/">x</a>', '[x](https://x.example/)'],
    ['<a href="javascript:alert(1)">x</a>', 'x'],
    ['<pre>a\n  b</pre>', '```\na\n  b\n```'],
    ['<b style="font-weight:normal"><em>a</em></b>', '*a*'],
    ['<b>a</b><script>alert(1)</script><img src=x onerror=alert(1)>', '**a**'],
  ])('%s', (html, text) => {
    expect(markdownOf(html)).toBe(text);
  });

  test('plain words stay plain', () => {
    expect(markdownOf('<div style="color:red"><span>let</span> a</div>')).toBeNull();
  });

  test('an address is one when nothing else is there', () => {
    expect(isAddress(' https://x.example/a?b ')).toBe(true);
    expect(isAddress('see https://x.example')).toBe(false);
  });
});
