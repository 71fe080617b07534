import { type TouchEvent, useRef } from 'react';

/** Px to the left at which a swipe counts, … */
const SWIPE_PX = 60;
/** … and which the element follows at most. */
const FOLLOW_PX = 90;
/** Px that a finger moves without meaning to. */
const STILL_PX = 10;
const PRESS_MS = 500;

export interface TouchHandlers {
  onTouchStart: (event: TouchEvent<HTMLElement>) => void;
  onTouchMove: (event: TouchEvent<HTMLElement>) => void;
  onTouchEnd: (event: TouchEvent<HTMLElement>) => void;
  onTouchCancel: (event: TouchEvent<HTMLElement>) => void;
}

interface Gestures {
  swiped: () => void;
  /** A finger has rested here, on this part of the element. */
  pressed: (at: { x: number; y: number }, on: EventTarget) => void;
}

/** The handlers of an element that follows a swipe to the left, and that a finger can rest on. */
export function useGestures({ swiped, pressed }: Gestures): TouchHandlers {
  const start = useRef<{ x: number; y: number; is: 'open' | 'swipe' | 'pressed' | 'other' }>(null);
  const pressing = useRef<ReturnType<typeof setTimeout>>(undefined);

  function moved(event: TouchEvent<HTMLElement>): void {
    const touch = event.touches[0];
    const { current } = start;
    if (touch === undefined || current === null) return;
    const [x, y] = [touch.clientX - current.x, touch.clientY - current.y];
    if (current.is === 'open' && Math.hypot(x, y) > STILL_PX) {
      clearTimeout(pressing.current);
      current.is = x < 0 && Math.abs(x) > 2 * Math.abs(y) ? 'swipe' : 'other';
    }
    if (current.is === 'swipe') event.currentTarget.style.translate = `${Math.max(-FOLLOW_PX, Math.min(0, x))}px`;
  }

  function ended(event: TouchEvent<HTMLElement>, counts: boolean): void {
    clearTimeout(pressing.current);
    const { current } = start;
    start.current = null;
    event.currentTarget.style.translate = '';
    // The finger that rested does not click as it leaves.
    if (current?.is === 'pressed' && event.cancelable) event.preventDefault();
    const touch = event.changedTouches[0];
    if (counts && current?.is === 'swipe' && touch !== undefined && current.x - touch.clientX >= SWIPE_PX) swiped();
  }

  return {
    onTouchStart: ({ touches, target }) => {
      const touch = touches[0];
      clearTimeout(pressing.current);
      if (touch === undefined || touches.length > 1) {
        start.current = null;
        return;
      }
      const at = { x: touch.clientX, y: touch.clientY };
      start.current = { ...at, is: 'open' };
      pressing.current = setTimeout(() => {
        if (start.current !== null) start.current.is = 'pressed';
        pressed(at, target);
      }, PRESS_MS);
    },
    onTouchMove: moved,
    onTouchEnd: (event) => ended(event, true),
    onTouchCancel: (event) => ended(event, false),
  };
}
