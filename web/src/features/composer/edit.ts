// Changes of the text that keys and buttons make. Each says which part is replaced by what, and what is selected then,
// so that it can be done in a way that the browser can undo.

export interface Selection {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

export interface Change {
  /** The part to be replaced. */
  readonly from: number;
  readonly to: number;
  readonly by: string;
  /** What is selected afterwards, in the new text. */
  readonly start: number;
  readonly end: number;
}

/** Puts marks around what is selected, or takes them away when they are there. */
export function wrap({ text, start, end }: Selection, mark: string, close = mark): Change {
  const inside = text.slice(start, end);
  const around = text.slice(start - mark.length, start) === mark && text.slice(end, end + close.length) === close;
  // `*` is also half of `**`: what is bold is not italic for that.
  const longer = mark.length === 1 && text.slice(start - 2, start) === mark + mark;
  if (around && !longer) {
    const from = start - mark.length;
    return { from, to: end + close.length, by: inside, start: from, end: from + inside.length };
  }
  // Spaces at the ends stay outside, because marks next to a space are none.
  const lead = /^\s*/u.exec(inside)?.[0].length ?? 0;
  const core = inside.trim();
  const at = start + (core ? lead : 0);
  return {
    from: at,
    to: at + core.length,
    by: mark + core + close,
    start: at + mark.length,
    end: at + mark.length + core.length,
  };
}

/** Makes what is selected the words of a link, and selects where its address goes (or puts it there, if it is known). */
export function link({ text, start, end }: Selection, address = ''): Change {
  const words = text.slice(start, end).replace(/[[\]]/gu, String.raw`\$&`);
  const by = `[${words}](${address})`;
  const inner = start + words.length + 3;
  if (address) return { from: start, to: end, by, start: start + by.length, end: start + by.length };
  return words
    ? { from: start, to: end, by, start: inner, end: inner }
    : { from: start, to: end, by, start: start + 1, end: start + 1 };
}

export type LinePrefix = 'quote' | 'bullets' | 'numbers';

const PREFIX: Record<LinePrefix, { has: RegExp; of: (index: number) => string }> = {
  quote: { has: /^> ?/u, of: () => '> ' },
  bullets: { has: /^[-*+] /u, of: () => '- ' },
  numbers: { has: /^\d{1,9}[.)] /u, of: (index) => `${index + 1}. ` },
};

/** Begins each selected line with a mark, or takes it from each when all have it. */
export function prefix({ text, start, end }: Selection, kind: LinePrefix): Change {
  const { has, of } = PREFIX[kind];
  const from = text.lastIndexOf('\n', start - 1) + 1;
  const next = text.indexOf('\n', end);
  const to = next < 0 ? text.length : next;
  const lines = text.slice(from, to).split('\n');
  const all = lines.every((line) => has.test(line));
  const by = lines.map((line, index) => (all ? line.replace(has, '') : of(index) + line)).join('\n');
  return {
    from,
    to,
    by,
    start: start === end ? from + by.length - (to - end) : from,
    end: from + by.length - (to - end),
  };
}

/** Puts the selected lines into a block of code. */
export function fence({ text, start, end }: Selection): Change {
  const inside = text.slice(start, end);
  const before = start > 0 && text[start - 1] !== '\n' ? '\n' : '';
  const after = end < text.length && text[end] !== '\n' ? '\n' : '';
  const by = `${before}\`\`\`\n${inside}\n\`\`\`${after}`;
  const at = start + before.length + 4;
  return { from: start, to: end, by, start: at, end: at + inside.length };
}

/** Whether a text is one address and nothing else. */
export function isAddress(text: string): boolean {
  return /^https?:\/\/[^\s()<>]+$/u.test(text.trim());
}

export function insert({ start, end }: Selection, by: string): Change {
  return { from: start, to: end, by, start: start + by.length, end: start + by.length };
}

/** Whether the place is inside of a block of code that has been opened before it. */
export function inFence(text: string, at: number): boolean {
  let open: string | null = null;
  for (const line of text.slice(0, at).split('\n').slice(-2000)) {
    const mark = /^ {0,3}(`{3,}|~{3,})/u.exec(line)?.[1];
    if (!mark) continue;
    if (open === null) open = mark;
    else if (mark.startsWith(open) && line.trim() === mark) open = null;
  }
  return open !== null;
}

const ITEM = /^(\s{0,20}(?:> ?)*)((?:[-*+]|(\d{1,9})([.)])) (?:\[[ xX]\] )?|(?<=> ?))(.*)$/u;

/**
 * What a new line begins with when the present one is part of a list or quotation: the next mark, or nothing when the
 * present one is still empty, which ends the list. Null where a line is just a line.
 */
export function continued({ text, start, end }: Selection): Change | null {
  if (start !== end) return null;
  const from = text.lastIndexOf('\n', start - 1) + 1;
  const match = ITEM.exec(text.slice(from, start));
  if (!match) return null;
  const [, indent = '', mark = '', number, dot = '.', rest = ''] = match;
  if (!mark && !indent.includes('>')) return null;
  if (rest.trim() === '') return { from, to: start, by: '', start: from, end: from };
  const next = number ? `${Number(number) + 1}${dot} ` : mark.replace(/\[[xX]\]/u, '[ ]');
  return insert({ text, start, end }, `\n${indent}${next}`);
}

/** More than this takes browsers seconds to insert in a way that can be undone. */
const LARGE = 10_000;

export function isLarge(text: string): boolean {
  return text.length > LARGE;
}

/** Does a change as if it had been typed, so that it can be undone like anything else. */
export function apply(area: HTMLTextAreaElement, change: Change): void {
  area.focus();
  area.setSelectionRange(change.from, change.to);
  if (!typed(change)) {
    const { value } = area;
    // React learns of a change only if the value is set behind the back of the property that it watches.
    const watched = Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, 'value');
    watched?.set?.call(area, value.slice(0, change.from) + change.by + value.slice(change.to));
    area.dispatchEvent(new Event('input', { bubbles: true }));
  }
  area.setSelectionRange(change.start, change.end);
}

/** The command is deprecated, and it is the only way that keeps the browser's own undo. */
function typed({ from, to, by }: Change): boolean {
  if (isLarge(by)) return false;
  return by ? document.execCommand?.('insertText', false, by) : from === to || document.execCommand?.('delete');
}

export function selectionOf(area: HTMLTextAreaElement): Selection {
  return { text: area.value, start: area.selectionStart, end: area.selectionEnd };
}
