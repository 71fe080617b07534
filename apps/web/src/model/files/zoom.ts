/** How a picture is enlarged and moved from where it fits the screen. */
export interface Zoom {
  /** 1: it fits. */
  scale: number;
  /** Pixels from the middle. */
  x: number;
  y: number;
}

export interface Size {
  width: number;
  height: number;
}

export const FITTING: Zoom = { scale: 1, x: 0, y: 0 };
export const MAX_SCALE = 8;

/** Enlarges by a factor, so that the point (pixels from the middle of the screen) stays where it is. */
export function zoomedAt({ scale, x, y }: Zoom, factor: number, point: { x: number; y: number }, frame: Size): Zoom {
  const next = Math.min(MAX_SCALE, Math.max(1, scale * factor));
  const grown = next / scale;
  return within({ scale: next, x: point.x - (point.x - x) * grown, y: point.y - (point.y - y) * grown }, frame);
}

export function movedBy(zoom: Zoom, x: number, y: number, frame: Size): Zoom {
  return within({ ...zoom, x: zoom.x + x, y: zoom.y + y }, frame);
}

/** No edge is moved beyond the middle of the screen by more than the picture is enlarged. */
function within({ scale, x, y }: Zoom, { width, height }: Size): Zoom {
  const clamped = (value: number, side: number) => {
    const most = ((scale - 1) * side) / 2;
    return Math.min(most, Math.max(-most, value)) + 0;
  };
  return { scale, x: clamped(x, width), y: clamped(y, height) };
}
