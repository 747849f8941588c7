// Where a link in a message may lead. What is not on this short list of harmless kinds is shown as text.

export interface Address {
  /** What the browser is given: always written anew from the parsed address, never the text of the message. */
  readonly href: string;
  /** Leads to a page of this client, which opens without loading anything. */
  readonly own: boolean;
  /** Where it really leads, in letters that cannot pretend to be others. */
  readonly host: string;
}

const OWN = /^\/(?:c|join|settings|contacts|admin)(?:[/?#]|$)/u;
// What a reader does not see, but a browser may drop or obey: controls, formats (zero widths, soft hyphens, changes of
// direction) and spaces of all kinds.
const UNSEEN = /[\p{Cc}\p{Cf}\p{Z}]/gu;
const TURNING = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** The address that a link's destination stands for, or null when it must not be a link. */
export function address(destination: string, origin: string = location.origin): Address | null {
  const wanted = destination.replace(UNSEEN, '');
  if (OWN.test(wanted)) return own(wanted, origin);
  // Anything else must name its kind: `//host`, `page.html` and `?query` are never meant in a message.
  if (!/^(?:https?:\/\/|mailto:)/iu.test(wanted)) return null;
  const url = parsed(wanted);
  if (!url) return null;
  if (url.protocol === 'mailto:') return { href: url.href, own: false, host: url.pathname };
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return null;
  // `https://bank.example@evil.example` leads to the second; nobody needs the first in a message.
  if (url.username || url.password) return null;
  const path = url.pathname + url.search + url.hash;
  if (url.origin === origin && OWN.test(path)) return own(path, origin);
  return { href: url.href, own: false, host: url.host };
}

function own(path: string, origin: string): Address | null {
  const url = parsed(path, origin);
  if (!url || url.origin !== origin || !OWN.test(url.pathname)) return null;
  return { href: url.pathname + url.search + url.hash, own: true, host: url.host };
}

function parsed(text: string, base?: string): URL | null {
  try {
    return new URL(text, base);
  } catch {
    return null;
  }
}

/** The host that the words of a link claim to lead to, if they look like an address at all. */
export function claimedHost(words: string): string | null {
  const text = words.replace(UNSEEN, '').normalize('NFKC').toLowerCase();
  const match = /^(?:[a-z][a-z0-9+.-]*:)?(?:\/\/)?(?:[^/?#@]*@)?([^/?#:@]+\.[^/?#:@.]{2,})(?:[:/?#]|$)/u.exec(text);
  return match?.[1] ?? null;
}

/** Whether the words name one place and the link leads to another. */
export function deceives(words: string, target: Address): boolean {
  if (target.href.startsWith('mailto:')) return false;
  const claimed = claimedHost(words);
  if (!claimed) return false;
  const real = parsed(`http://${claimed}`)?.hostname ?? claimed;
  return bare(real) !== bare(target.host.replace(/:\d+$/u, ''));
}

function bare(host: string): string {
  return host.replace(/^www\./u, '');
}

/** Words without the characters that would turn around what follows them. */
export function straight(words: string): string {
  return words.replace(TURNING, '');
}

/** The message that a link leads to, when it leads to one of ours. */
export function messageLink(destination: string): { conversationId: string; seq: number } | null {
  const match = /^\/c\/(\d{1,20})\?at=(\d{1,15})$/u.exec(destination);
  return match?.[1] && match[2] ? { conversationId: match[1], seq: Number(match[2]) } : null;
}
