// Nothing that somebody types may become anything but text, harmless elements, and links to harmless places.

import { cleanup, render } from '@testing-library/react';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { attacks } from './attacks';
import { loadMarkdown } from './parsing';
import { plainText } from './plain';
import { RichText } from './RichText';

const ELEMENTS = new Set(
  'div p br span strong em del code pre figure figcaption a bdi button svg path rect blockquote ul ol li hr input table thead tbody tr th td'.split(
    ' ',
  ),
);
const ATTRIBUTES = new Set(
  'class dir href title target rel type tabindex role aria-label aria-level aria-hidden aria-expanded start checked disabled readonly'.split(
    ' ',
  ),
);
const DRAWING = new Set(
  'xmlns width height viewBox fill stroke stroke-width stroke-linecap stroke-linejoin d x y rx ry'.split(' '),
);
const HARMLESS = /^(?:https?:\/\/|mailto:|\/(?:c|join|settings|contacts|admin)(?:[/?#]|$))/u;

beforeAll(loadMarkdown);
afterEach(cleanup);

/** What must not be in a message. */
function wrongs(element: Element): string[] {
  const name = element.localName;
  const drawing = element.closest('svg') !== null;
  const found = element
    .getAttributeNames()
    .filter((attribute) => !ATTRIBUTES.has(attribute) && !(drawing && DRAWING.has(attribute)))
    .map((attribute) => `${name} ${attribute}`);
  if (!ELEMENTS.has(name)) found.push(name);
  const href = element.getAttribute('href');
  if (href === null) return found;
  if (!HARMLESS.test(href)) found.push(href);
  if (!/^(?:https?|mailto):$/u.test(new URL(href, 'https://here.example').protocol)) found.push(href);
  if (href.startsWith('/')) return found;
  if (element.getAttribute('rel') !== 'noopener noreferrer nofollow ugc') found.push(`rel of ${href}`);
  if (element.getAttribute('target') !== '_blank') found.push(`target of ${href}`);
  return found;
}

function everything(root: HTMLElement): Element[] {
  return Array.from(root.querySelectorAll('*'));
}

describe('known attacks', () => {
  test('there are many of them', () => {
    expect(new Set(attacks).size).toBe(attacks.length);
    expect(attacks.length).toBeGreaterThan(100);
  });

  test.each(attacks.map((attack, index) => [index, attack]))('%i: %s', (_, attack) => {
    const { container } = render(
      <RichText
        body={attack}
        resolve={(name) => ({ id: '1', name, me: false })}
        resolveChannel={(name) => ({ id: '2', name })}
        broadcast
      />,
    );
    expect(everything(container).flatMap(wrongs)).toEqual([]);
    expect(container.querySelectorAll('svg :not(path, rect)').length).toBe(0);
    expect(typeof plainText(attack)).toBe('string');
  });

  test.each([
    '[https://bank.example](https://evil.example)',
    '[bank.example](https://evil.example/bank.example)',
    '[https://bank.example](/c/1)',
    '[https://bank.example\u202E/gpj.x](https://evil.example)',
    '[bank\u200B.example](https://evil.example)',
    '[ｂａｎｋ.example](https://evil.example)',
    '[https://bank.example](https://bank.example.evil.example)',
  ])('a link that pretends is told from its words: %s', (attack) => {
    const { container } = render(<RichText body={attack} />);
    const real = container.querySelector('a')?.hostname;
    expect(real).toBeTruthy();
    expect(container.textContent).not.toContain('\u202E');
    expect(container.querySelector('a + bdi')?.textContent).toBe('markdown.leadsTo');
  });
});
