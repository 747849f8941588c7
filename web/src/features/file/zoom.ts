// Where a picture lies in the viewer: how large, and how far from the middle. Points are in pixels from the middle of the
// stage. What is zoomed at a point keeps that point in its place, and no picture can be lost beyond the edge.

export interface Place {
  /** 1 fits the stage. */
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

export const FITTING: Place = { scale: 1, x: 0, y: 0 };

export const MOST = 8;

/** Zooms by a factor at a point. `fitted` is the picture's size at scale 1. */
export function zoomed(place: Place, factor: number, at: { x: number; y: number }, fitted: Size, stage: Size): Place {
  const scale = Math.min(MOST, Math.max(1, place.scale * factor));
  const by = scale / place.scale;
  const moved = { scale, x: at.x - (at.x - place.x) * by, y: at.y - (at.y - place.y) * by };
  return within(moved, fitted, stage);
}

export function moved(place: Place, x: number, y: number, fitted: Size, stage: Size): Place {
  return within({ ...place, x: place.x + x, y: place.y + y }, fitted, stage);
}

/** The edges of a picture that is larger than the stage stay at or beyond those of the stage. */
function within({ scale, x, y }: Place, fitted: Size, stage: Size): Place {
  const [wide, high] = [slack(fitted.width * scale, stage.width), slack(fitted.height * scale, stage.height)];
  return { scale, x: clamp(x, wide), y: clamp(y, high) };
}

function slack(picture: number, stage: number): number {
  return Math.max(0, (picture - stage) / 2);
}

function clamp(value: number, most: number): number {
  // Never -0, which is not the same as 0 where it is compared.
  return Math.min(most, Math.max(-most, value)) + 0;
}

/** The size of a picture that is made to fit a stage; a small one stays as it is. */
export function fitted(picture: Size, stage: Size): Size {
  const scale = Math.min(1, stage.width / picture.width, stage.height / picture.height);
  return { width: picture.width * scale, height: picture.height * scale };
}
