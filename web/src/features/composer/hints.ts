// Finds what the marks in a text will become, while it is typed: quickly and roughly, line by line. It only colours; what
// is sent is read by the parser.

export type HintKind =
  'mark' | 'strong' | 'em' | 'del' | 'code' | 'link' | 'name' | 'quote' | 'heading' | 'fence' | 'text';

export interface Hint {
  readonly kind: HintKind;
  readonly text: string;
}

const LINE = /^(\s*(?:> ?)+)|^( {0,3}#{1,6} )|^(\s*(?:[-*+]|\d{1,9}[.)]) (?:\[[ xX]\] )?)/u;
const INLINE =
  /(\\[!-/:-@[-`{-~])|(`+)([^`\n]+)\2(?!`)|(\*\*|__|~~)(?=\S)([^*_~\n]+?)(?<=\S)\4|(?<![\p{L}\p{N}*_])([*_])(?=[^\s*_])([^*_\n]+?)(?<=\S)\6(?![\p{L}\p{N}*_])|(\[)([^[\]\n]+)(\]\([^()\s]*\))|(https?:\/\/[^\s<>]+)|((?<![\p{L}\p{N}._@-])@[A-Za-z0-9][A-Za-z0-9._-]*)/gu;

export function hints(text: string): readonly Hint[] {
  const found: Hint[] = [];
  let fence: string | null = null;
  for (const [index, line] of text.split('\n').entries()) {
    if (index > 0) push(found, 'text', '\n');
    const mark = /^ {0,3}(`{3,}|~{3,})/u.exec(line)?.[1];
    if (fence !== null) {
      const closes = mark?.startsWith(fence) && line.trim() === mark;
      push(found, closes ? 'mark' : 'fence', line);
      if (closes) fence = null;
    } else if (mark) {
      fence = mark;
      push(found, 'mark', line);
    } else {
      hintLine(found, line);
    }
  }
  return found;
}

function hintLine(found: Hint[], line: string): void {
  const [start = '', quote, heading] = LINE.exec(line) ?? [];
  push(found, 'mark', start);
  inline(found, line.slice(start.length), quote ? 'quote' : heading ? 'heading' : 'text');
}

function inline(found: Hint[], text: string, base: HintKind): void {
  let end = 0;
  for (const match of text.matchAll(INLINE)) {
    push(found, base, text.slice(end, match.index));
    end = match.index + match[0].length;
    for (const hint of parts(match)) push(found, hint.kind, hint.text);
  }
  push(found, base, text.slice(end));
}

function parts(match: RegExpExecArray): readonly Hint[] {
  const [all, , tick, code = '', double, strong = '', single, em = '', open, words = '', target = '', address] = match;
  if (tick) return marked(tick, 'code', code);
  if (double) return marked(double, double === '~~' ? 'del' : 'strong', strong);
  if (single) return marked(single, 'em', em);
  if (open) {
    return [
      { kind: 'mark', text: open },
      { kind: 'link', text: words },
      { kind: 'mark', text: target },
    ];
  }
  if (address) return [{ kind: 'link', text: address }];
  return [{ kind: all.startsWith('@') ? 'name' : 'mark', text: all }];
}

function push(found: Hint[], kind: HintKind, text: string): void {
  if (text) found.push({ kind, text });
}

function marked(mark: string, kind: HintKind, inside: string): readonly Hint[] {
  return [
    { kind: 'mark', text: mark },
    { kind, text: inside },
    { kind: 'mark', text: mark },
  ];
}
