// Finds what stands for something in a piece of text: people, channels and emoji by name. The same rules for a name
// as the server's, so that what is shown as a mention is what it counted as one.

export type Token =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'person' | 'channel' | 'emoji'; readonly name: string; readonly text: string };

const PATTERN =
  /(?<![\p{L}\p{N}._@-])@([A-Za-z0-9._-]+)|(?<![\p{L}\p{N}&#/_])#([\p{L}\p{N}_-]{1,100})|:([a-z0-9_+-]{1,50}):/gu;

export const broadcasts: ReadonlySet<string> = new Set(['here', 'channel', 'everyone', 'all']);

export function tokens(text: string): readonly Token[] {
  if (!/[@#:]/u.test(text)) return [{ kind: 'text', text }];
  const found: Token[] = [];
  let end = 0;
  const until = (index: number) => {
    if (index > end) found.push({ kind: 'text', text: text.slice(end, index) });
  };
  for (const match of text.matchAll(PATTERN)) {
    const token = named(match);
    // The closing colon of one emoji may be the opening one of the next: `:a:b:`.
    if (!token || match.index < end) continue;
    until(match.index);
    found.push(token);
    end = match.index + token.text.length;
  }
  until(text.length);
  return found;
}

function named(match: RegExpExecArray): Token | null {
  const [text, person, channel, emoji] = match;
  if (person !== undefined) {
    // A sentence may end right after a name.
    const name = person.replace(/[._-]+$/u, '');
    return name ? { kind: 'person', name: name.toLowerCase(), text: `@${name}` } : null;
  }
  if (channel !== undefined) return { kind: 'channel', name: channel, text };
  return emoji === undefined ? null : { kind: 'emoji', name: emoji, text };
}
