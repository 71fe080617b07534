import { useEffect, useRef } from 'react';

/** The browser's back button, or a phone's gesture, calls `close` while the component is there, and leads nowhere else. */
export function useBackCloses(close: () => void): void {
  const latest = useRef(close);
  latest.current = close;
  const leaving = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => {
    clearTimeout(leaving.current);
    // React mounts twice in development: the step is there already.
    if (!isOurStep()) history.pushState({ closes: true }, '');
    const back = () => latest.current();
    window.addEventListener('popstate', back);
    return () => {
      window.removeEventListener('popstate', back);
      // Closed in another way: the step is taken back. After a link was followed, it is not the last one any more.
      leaving.current = setTimeout(() => isOurStep() && history.back());
    };
  }, []);
}

function isOurStep(): boolean {
  return (history.state as { closes?: boolean } | null)?.closes === true;
}
