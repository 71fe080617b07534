import type { Page } from 'playwright-core';

interface TraceEvent {
  name: string;
  ph: string;
  pid: number;
  tid: number;
  dur?: number;
  args?: { name?: string };
}

/** How long the page's main thread was busy at a time, in ms. */
export interface Busy {
  p95: number;
  longest: number;
  /** Tasks over 50 ms, as the browser's own long tasks. */
  long: number;
  tasks: number;
}

/** Records what the main thread of a page does meanwhile. */
export async function busyDuring(page: Page, action: () => Promise<unknown>): Promise<Busy> {
  const session = await page.context().newCDPSession(page);
  const events: TraceEvent[] = [];
  session.on('Tracing.dataCollected', ({ value }) => events.push(...(value as unknown as TraceEvent[])));
  const over = new Promise<void>((resolve) => session.on('Tracing.tracingComplete', () => resolve()));
  const categories = ['toplevel', 'disabled-by-default-devtools.timeline', '__metadata'];
  await session.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: { includedCategories: categories, excludedCategories: ['*'] },
  });
  await action();
  await session.send('Tracing.end');
  await over;
  await session.detach();
  const mains = new Set(
    events
      .filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain')
      .map(({ pid, tid }) => `${pid}/${tid}`),
  );
  const durations = events
    .filter(({ name, ph, pid, tid }) => name === 'RunTask' && ph === 'X' && mains.has(`${pid}/${tid}`))
    .map(({ dur = 0 }) => dur / 1000)
    .sort((a, b) => a - b);
  return {
    p95: durations[Math.floor(durations.length * 0.95)] ?? 0,
    longest: durations.at(-1) ?? 0,
    long: durations.filter((ms) => ms > 50).length,
    tasks: durations.length,
  };
}
