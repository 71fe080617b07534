import { useEffect, useState } from 'react';

/** From a key to the search, ms. */
const PAUSE_MS = 250;

/** What the user has typed, once they pause; an empty text at once. */
export function usePaused(typed: string): string {
  const [paused, setPaused] = useState(typed);
  useEffect(() => {
    const timer = setTimeout(() => setPaused(typed), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  return typed === '' ? '' : paused;
}
