// A few colours of a picture as an image, to see until the picture itself has come.

import { thumbHashToDataURL } from 'thumbhash';

const made = new Map<string, string | null>();

/** Kept at most; each is some kilobytes. */
const MOST = 300;

/** Null for what is no ThumbHash in base64. */
export function blurOf(hash: string | null | undefined): string | null {
  if (!hash) return null;
  const known = made.get(hash);
  if (known !== undefined) return known;
  if (made.size >= MOST) made.clear();
  const image = drawn(hash);
  made.set(hash, image);
  return image;
}

function drawn(hash: string): string | null {
  try {
    const bytes = Uint8Array.from(atob(hash), (letter) => letter.charCodeAt(0));
    // Shorter ones are cut off, and would be drawn out of nothing.
    return bytes.length < 5 ? null : thumbHashToDataURL(bytes);
  } catch {
    return null;
  }
}
