// What people type, and what they see of it.

import { act, cleanup, render, screen } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { setLanguage } from '@/lib/text';
import { loadEmojiNames } from '@/ui/emoji';
import { loadMarkdown } from './parsing';
import { RichText, type RichTextProps } from './RichText';

beforeAll(async () => {
  await setLanguage('en');
  await loadMarkdown();
  await loadEmojiNames();
});
beforeEach(() => vi.useFakeTimers({ shouldAdvanceTime: true }));
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

function html(body: string, props: Partial<RichTextProps> = {}): string {
  const { container } = render(<RichText body={body} {...props} />);
  // The names of classes are the style sheet's affair.
  return (container.firstElementChild?.innerHTML ?? '').replaceAll(/ (?:class|dir)="[^"]*"/gu, '');
}

const resolve = (name: string) => (name === 'ann' ? { id: '7', name: 'Ann', me: false } : null);

function large(body: string): boolean {
  return render(<RichText body={body} />).container.querySelector('[class*="jumbo"]') !== null;
}

describe('formatting', () => {
  test('of words', () => {
    expect(html('*a* **b** ~~c~~ `d`')).toBe('<p><em>a</em> <strong>b</strong> <del>c</del> <code>d</code></p>');
  });

  test('a line that ends is a line that ends, with and without formatting', () => {
    expect(html('a\nb\n\nc')).toBe('<p>a<br>b</p><p>c</p>');
    expect(html('*a*\nb')).toBe('<p><em>a</em><br>b</p>');
  });

  test('HTML is shown as it was typed', () => {
    render(<RichText body={'<b>**x**</b>'} />);
    expect(document.body.textContent).toBe('<b>x</b>');
  });

  test('lists, tasks and tables', () => {
    expect(html('1. a\n2. b')).toContain('<ol start="1"><li>');
    expect(html('- [x] done')).toContain('type="checkbox"');
    expect(html('|a|b|\n|-|-|\n|c|d|')).toContain('<th>a</th>');
  });

  test('a picture is a link, and nothing is fetched', () => {
    const out = html('![cat](https://example.org/cat.png)');
    expect(out).not.toContain('<img');
    expect(out).toContain('href="https://example.org/cat.png"');
  });

  test('a link that no definition explains stays as it was typed', () => {
    expect(html('see [this][that] and *x*')).toContain('see [this][that] and');
  });

  test('addresses become links by themselves', () => {
    expect(html('see https://example.org/a')).toContain('href="https://example.org/a"');
    expect(html('mail a@example.org')).toContain('href="mailto:a@example.org"');
  });
});

describe('names', () => {
  test('of people', () => {
    render(<RichText body="hi @Ann. and @nobody, `@ann`" resolve={resolve} />);
    expect(screen.getByRole('button', { name: '@Ann' })).toBeTruthy();
    expect(screen.getAllByRole('button')).toHaveLength(1);
    expect(document.body.textContent).toBe('hi @Ann. and @nobody, @ann');
  });

  test('of everybody, when the server counted them', () => {
    expect(html('@here', { broadcast: false })).toBe('<p>@here</p>');
    expect(html('@here', { broadcast: true })).toBe('<p><span>@here</span></p>');
  });

  test('of channels', () => {
    expect(html('#general', { resolveChannel: () => ({ id: '5', name: 'general' }) })).toContain('href="/c/5"');
  });

  test('of emoji, but not of times', () => {
    expect(html('well done :tada: at 10:30:45')).toContain('🎉');
    expect(html('well done :tada: at 10:30:45')).toContain('10:30:45');
  });
});

describe('reply quotes', () => {
  test('are a card that leads to the message', async () => {
    const onQuote = vi.fn<(id: string, seq: number) => void>();
    render(<RichText body={'> [Ann](/c/12?at=34): it \\*is\\*\n\nindeed'} onQuote={onQuote} />);
    const user = userEvent.setup({ advanceTimers: vi.advanceTimersByTime });
    await user.click(screen.getByRole('button', { name: /Answer to\s+Ann\s+it \*is\*/u }));
    expect(onQuote).toHaveBeenCalledWith('12', 34);
    expect(document.querySelector('blockquote')).toBeNull();
  });

  test('other quotations are quotations', () => {
    expect(html('> [Ann](https://example.org): x')).toContain('<blockquote>');
  });
});

describe('long and wild texts', () => {
  test('show their beginning, and the rest on demand', async () => {
    const body = Array.from({ length: 1_500 }, (_, line) => `line ${line}`).join('\n');
    render(<RichText body={body} />);
    expect(document.body.textContent).not.toContain('line 50');
    const user = userEvent.setup({ advanceTimers: vi.advanceTimersByTime });
    await user.click(screen.getByRole('button', { name: 'Show more' }));
    await act(() => vi.advanceTimersByTimeAsync(2000));
    expect(document.body.textContent).toContain('line 1499');
  });

  test.each([
    ['quotes', `${'>'.repeat(50_000)} a`],
    ['lists', `${'- '.repeat(40_000)}a`],
    ['indented lists', Array.from({ length: 300 }, (_, depth) => `${'  '.repeat(depth)}- a`).join('\n')],
    ['brackets', '['.repeat(100_000)],
    ['emphasis', '*a '.repeat(30_000) + 'a* '.repeat(3_000)],
    ['mixed emphasis', '_a **b ~~c '.repeat(9_000)],
    ['ticks', Array.from({ length: 400 }, (_, length) => '`'.repeat(length)).join(' ')],
    ['tables', `${'|a'.repeat(2000)}\n${'|-'.repeat(2000)}\n${`${'|a'.repeat(2000)}\n`.repeat(20)}`],
    ['definitions', '[a]: /x\n'.repeat(12_000)],
    ['one word', 'a'.repeat(100_000)],
    ['one fence', `\`\`\`js\n${'let a = 1;\n'.repeat(9_000)}`],
    ['emoji', '👨‍👩‍👧‍👦'.repeat(9_000)],
  ])('%s neither fail nor stay', async (_, body) => {
    const { container } = render(<RichText body={body} collapse={false} />);
    await act(() => vi.advanceTimersByTimeAsync(1000));
    expect(container.textContent?.length).toBeGreaterThan(0);
  });
});

test('a few emoji are large', () => {
  expect(large('🎉')).toBe(true);
  expect(large('👍️ 👩‍👩‍👧 🇩🇪 ❤️ 👋🏽')).toBe(true);
  expect(large(':tada: :+1:')).toBe(true);
  expect(large('🎉🎉🎉🎉🎉🎉')).toBe(false);
  expect(large('1')).toBe(false);
  expect(large('ok 🎉')).toBe(false);
  expect(large(':nothing:')).toBe(false);
});
