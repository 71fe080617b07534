import { type PointerEvent, useEffect, useRef, useState } from 'react';

/** Px to the left at which letting go, or going on, cancels. */
const CANCEL_PX = 110;
/** Px that a finger moves without meaning to. */
const STILL_PX = 12;
const HOLD_MS = 300;

export interface HoldHandlers {
  onPointerDown: (event: PointerEvent<HTMLElement>) => void;
}

export interface HoldActions {
  begin: () => void;
  /** It was let go. It counts as held until this is done. */
  end: () => Promise<void>;
  /** It was moved away to the left, or the system took the pointer. */
  cancel: () => void;
}

export interface Hold {
  /** How far the pointer has been moved towards where it cancels, 0–1; null: nothing is held. */
  away: number | null;
  handlers: HoldHandlers;
}

/**
 * A button that is held: what is shorter is a click, which its own handler gets. The button may go away meanwhile, so the
 * pointer is followed by the document.
 */
export function useHold({ begin, end, cancel }: HoldActions): Hold {
  const [away, setAway] = useState<number | null>(null);
  const release = useRef<() => void>(undefined);
  const actions = useRef({ begin, end, cancel });
  useEffect(() => {
    actions.current = { begin, end, cancel };
  });
  useEffect(() => () => release.current?.(), []);

  function pressed({ clientX, clientY, button, pointerId }: PointerEvent): void {
    if (button !== 0 || release.current !== undefined) return;
    const following = new AbortController();
    const { signal } = following;
    let isHeld = false;
    const timer = setTimeout(() => {
      isHeld = true;
      ignoreClick();
      setAway(0);
      actions.current.begin();
    }, HOLD_MS);

    function over(how?: 'end' | 'cancel'): void {
      clearTimeout(timer);
      following.abort();
      release.current = undefined;
      if (isHeld && how === 'end') {
        void actions.current.end().finally(() => setAway(null));
        return;
      }
      setAway(null);
      if (isHeld && how === 'cancel') actions.current.cancel();
    }

    function moved(event: globalThis.PointerEvent): void {
      if (event.pointerId !== pointerId) return;
      const left = clientX - event.clientX;
      if (!isHeld && Math.hypot(left, clientY - event.clientY) > STILL_PX) over();
      else if (isHeld && left >= CANCEL_PX) over('cancel');
      else if (isHeld) setAway(Math.max(0, left / CANCEL_PX));
    }

    document.addEventListener('pointermove', moved, { signal });
    document.addEventListener('pointerup', (event) => event.pointerId === pointerId && over('end'), { signal });
    document.addEventListener('pointercancel', (event) => event.pointerId === pointerId && over('cancel'), { signal });
    release.current = over;
  }

  return { away, handlers: { onPointerDown: pressed } };
}

/**
 * The browser ends a press with a click on whatever is under the pointer by then, which may be the same button again.
 * After a hold that click means nothing. It may come late or never: the next press ends the wait for it. A click by the
 * keyboard has no `detail`.
 */
function ignoreClick(): void {
  const over = new AbortController();
  const options = { capture: true, signal: over.signal };
  document.addEventListener('pointerdown', () => over.abort(), options);
  document.addEventListener(
    'click',
    (event) => {
      if (event.detail === 0) return;
      event.preventDefault();
      event.stopPropagation();
      over.abort();
    },
    options,
  );
}
