// Which emoji this system can draw. Newer ones would be empty boxes, and are left out of the picker.

/** One emoji that came with each version, the newest first. */
const SAMPLES: readonly (readonly [version: number, emoji: string])[] = [
  [17, '\u{1FAC8}'],
  [16, '\u{1FAE9}'],
  [15.1, '\u{1F426}\u200D\u{1F525}'],
  [15, '\u{1FAE8}'],
  [14, '\u{1FAE0}'],
  [13.1, '\u{1F636}\u200D\u{1F32B}\uFE0F'],
  [13, '\u{1F972}'],
];
const OLDEST = 12.1;

let found: number | null = null;

export function newestSupported(): number {
  found ??= SAMPLES.find(([, emoji]) => isDrawn(emoji))?.[0] ?? OLDEST;
  return found;
}

/** An emoji has colours of its own, whatever the pen; a missing one is a box in the pen's colour, or is drawn in two. */
function isDrawn(emoji: string): boolean {
  const pen = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  if (!pen) return false;
  pen.canvas.width = 40;
  pen.canvas.height = 20;
  pen.textBaseline = 'top';
  pen.font = '16px "Apple Color Emoji", "Segoe UI Emoji", "Noto Color Emoji", sans-serif';
  if (pen.measureText(emoji).width > pen.measureText('\u{1F600}').width * 1.5) return false;
  pen.fillText(emoji, 0, 0);
  const { data } = pen.getImageData(0, 0, 40, 20);
  return data.some((value, index) => index % 4 !== 3 && value > 40);
}
