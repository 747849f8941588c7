// How long a message may be, counted as the server counts: in Unicode scalar values.

export const MOST = 100_000;
/** From here on the composer says how much room is left. */
export const NEAR = 90_000;

export function scalars(text: string): number {
  let count = text.length;
  for (let index = 0; index < text.length - 1; index++) {
    // A character beyond the first 65,536 is two halves, the first of which is never alone in what people type.
    const half = text.charCodeAt(index);
    if (half >= 0xd800 && half <= 0xdbff) {
      count -= 1;
      index += 1;
    }
  }
  return count;
}

/** The count, when it is near the limit; counting short texts would be for nothing. */
export function nearLimit(text: string): number | null {
  if (text.length < NEAR) return null;
  const count = scalars(text);
  return count >= NEAR ? count : null;
}
