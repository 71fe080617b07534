import { type RefObject, useEffect, useRef, useState } from 'react';

/** A ref for an element, and whether any of it is in view; `marginPx` extends the view. */
export function useVisible<E extends Element>(marginPx = 0): [ref: RefObject<E | null>, visible: boolean] {
  const ref = useRef<E>(null);
  const [visible, setVisible] = useState(false);
  useEffect(() => {
    if (ref.current === null) return;
    const observer = new IntersectionObserver((entries) => setVisible(entries.at(-1)?.isIntersecting === true), {
      root: ref.current.closest('[data-scroller]'),
      rootMargin: `${marginPx}px`,
    });
    observer.observe(ref.current);
    return () => observer.disconnect();
  }, [marginPx]);
  return [ref, visible];
}
