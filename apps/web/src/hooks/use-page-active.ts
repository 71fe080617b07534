import { useSyncExternalStore } from 'react';

/** Whether the user is looking: the page is visible and its window has the focus. */
export function usePageActive(): boolean {
  return useSyncExternalStore(subscribe, () => !document.hidden && document.hasFocus());
}

function subscribe(listener: () => void): () => void {
  window.addEventListener('focus', listener);
  window.addEventListener('blur', listener);
  document.addEventListener('visibilitychange', listener);
  return () => {
    window.removeEventListener('focus', listener);
    window.removeEventListener('blur', listener);
    document.removeEventListener('visibilitychange', listener);
  };
}
