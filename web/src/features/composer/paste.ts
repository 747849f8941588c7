// What is pasted becomes sensible text: formatting that CommonMark knows is kept as marks, and the rest is words.

import { isAddress } from './edit';

const TOO_LONG = 400_000;
const MEANT = 'a[href], b, strong, i, em, del, s, code, pre, ul, ol, blockquote, h1, h2, h3';
const MARKS: Record<string, string> = { b: '**', strong: '**', i: '*', em: '*', del: '~~', s: '~~' };

/** Markdown for HTML that has formatting worth keeping; null when its plain text says as much. */
export function markdownOf(html: string): string | null {
  if (html.length > TOO_LONG) return null;
  // A document made in this way runs nothing and fetches nothing.
  const page = new DOMParser().parseFromString(html, 'text/html');
  page.querySelectorAll('script, style, template, head, noscript').forEach((element) => element.remove());
  if (!page.body.querySelector(MEANT)) return null;
  return written(page.body, 0)
    .replace(/[ \t]+\n/gu, '\n')
    .replace(/\n{3,}/gu, '\n\n')
    .trim();
}

function written(node: Node, depth: number): string {
  if (depth > 60) return node.textContent ?? '';
  return Array.from(node.childNodes, (child) => part(child, depth + 1)).join('');
}

function part(node: Node, depth: number): string {
  if (node.nodeType === Node.TEXT_NODE) return (node.textContent ?? '').replace(/\s+/gu, ' ');
  if (!(node instanceof Element)) return '';
  const name = node.localName;
  const inside = () => written(node, depth);
  const mark = MARKS[name];
  // Some programs wrap everything in a `<b>` that is not bold.
  if (mark && !isPlain(node)) return around(inside(), mark);
  switch (name) {
    case 'br':
      return '\n';
    case 'code':
      return around(node.textContent ?? '', '`');
    case 'pre':
      return `\n\n\`\`\`\n${(node.textContent ?? '').replace(/\n$/u, '')}\n\`\`\`\n\n`;
    case 'a':
      return linked(inside(), node.getAttribute('href') ?? '');
    case 'h1':
    case 'h2':
    case 'h3':
      return `\n\n${'#'.repeat(Number(name.slice(1)))} ${inside().trim()}\n\n`;
    case 'li':
      return item(inside().trim(), node);
    case 'ul':
    case 'ol':
      return `\n${inside().trimEnd()}\n\n`;
    case 'blockquote':
      return `\n\n${inside().trim().replace(/^/gmu, '> ')}\n\n`;
    case 'p':
      return `\n\n${inside().trim()}\n\n`;
    case 'div':
    case 'tr':
      return `\n${inside().trim()}\n`;
    default:
      return inside();
  }
}

function isPlain(element: Element): boolean {
  return /font-(?:weight:\s*(?:normal|400)|style:\s*normal)/u.test(element.getAttribute('style') ?? '');
}

function around(text: string, mark: string): string {
  const core = text.trim();
  return core ? text.replace(core, () => mark + core + mark) : text;
}

function linked(words: string, address: string): string {
  const text = words.trim();
  if (!isAddress(address)) return words;
  if (!text || text === address) return address;
  return `[${text.replace(/[[\]]/gu, String.raw`\$&`)}](${address})`;
}

function item(text: string, element: Element): string {
  const list = element.parentElement;
  const place = list ? Array.from(list.children).indexOf(element) + 1 : 1;
  const mark = list?.localName === 'ol' ? `${place}.` : '-';
  return `${mark} ${text.replace(/\n+/gu, '\n  ')}\n`;
}
