/**
 * Does the work while no other page of this browser does it under the same name; the pages take turns. Without locks (a
 * page that came over plain HTTP) there is no order, and a server that is told twice takes it once.
 */
export async function aloneInBrowser(name: string, signal: AbortSignal, work: () => Promise<void>): Promise<void> {
  if (!('locks' in navigator)) return work();
  await navigator.locks.request(name, { signal }, work).catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
}
