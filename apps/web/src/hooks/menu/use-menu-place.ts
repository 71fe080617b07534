import { type RefObject, useLayoutEffect } from 'react';

/** Where on the screen a menu was asked for, in px. */
export interface MenuPoint {
  x: number;
  y: number;
}

/** Px between a menu and the edge of its scroller. */
const EDGE_PX = 4;

/**
 * Moves an open menu to the point at which it was asked for and, in a scroller, to where all of it is seen, also when one of
 * its items becomes longer.
 */
export function useMenuPlace(menu: RefObject<HTMLElement | null>, open: boolean, at: MenuPoint | undefined): void {
  useLayoutEffect(() => {
    const { current } = menu;
    const frame = current?.closest('[data-scroller]')?.getBoundingClientRect();
    if (!open || current === null || frame === undefined) return;
    current.style.translate = '';
    const { top, left, width, height } = current.getBoundingClientRect();
    const { x, y } = at ?? { x: left, y: top };
    const [right, down] = [within(x, width, frame.left, frame.right), within(y, height, frame.top, frame.bottom)];
    current.style.translate = `${right - left}px ${down - top}px`;
  });
}

/** Where something of this length begins that is asked for at `start`, so that it is within `from` and `to`, or at least begins there. */
function within(start: number, length: number, from: number, to: number): number {
  return Math.max(from + EDGE_PX, Math.min(start, to - EDGE_PX - length));
}
