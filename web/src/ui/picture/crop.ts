// Which square of a picture is taken as a face. It is named by its middle and its side, in pixels of the picture, and
// never reaches beyond the picture's edges.

export interface Square {
  readonly x: number;
  readonly y: number;
  readonly side: number;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/** How much closer than the whole one may come. */
export const CLOSEST = 5;

/** The largest square in the middle. */
export function whole({ width, height }: Size): Square {
  return { x: width / 2, y: height / 2, side: Math.min(width, height) };
}

/** `closeness` from 1, the whole, to [CLOSEST]. */
export function closer(square: Square, closeness: number, picture: Size): Square {
  const side = Math.min(picture.width, picture.height) / Math.min(CLOSEST, Math.max(1, closeness));
  return within({ ...square, side }, picture);
}

export function shifted(square: Square, x: number, y: number, picture: Size): Square {
  return within({ ...square, x: square.x + x, y: square.y + y }, picture);
}

function within({ x, y, side }: Square, { width, height }: Size): Square {
  const half = side / 2;
  const between = (value: number, most: number) => Math.min(most - half, Math.max(half, value));
  return { x: between(x, width), y: between(y, height), side };
}
