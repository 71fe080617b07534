/** The service worker of the page: keeps it for when the server is away, and shows notifications. */
export const WORKER = './worker.js';

/** Browsers have no workers on pages that do not come over HTTPS or from this machine, or when the user denies them. */
export function startWorker(): void {
  if ('serviceWorker' in navigator) navigator.serviceWorker.register(WORKER).catch(() => undefined);
}
