import type { Say } from './folders.ts';

/** Reports every 10 s that a step is still running, and how long it took. The caller reports failures. */
export async function reported<T>(say: Say, doing: string, work: () => Promise<T>): Promise<T> {
  const startedAt = performance.now();
  const seconds = () => Math.round((performance.now() - startedAt) / 1000);
  say(doing);
  const report = setInterval(() => say(`still ${doing}, ${seconds()} s`), 10_000);
  try {
    const result = await work();
    say(`${doing}: done, ${seconds()} s`);
    return result;
  } finally {
    clearInterval(report);
  }
}
