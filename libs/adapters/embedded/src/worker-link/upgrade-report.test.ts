import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { createManualClock } from '@chasqui/contracts';
import type { Clock } from '@chasqui/domain';
import type { Logger } from '@chasqui/kit';
import { expect, onTestFinished, test } from 'vitest';
import { parts, scratchFolder } from '../testing/scratch.ts';
import { UpgradeReport } from './upgrade-report.ts';
import { WorkerLink } from './worker-link.ts';

const root = scratchFolder();

function recorded() {
  const lines: { text: string; done: string; seconds: number }[] = [];
  const warn = (fields: { done: string; seconds: number }, text: string) => lines.push({ text, ...fields });
  return { lines, logger: { ...parts.logger, warn } as unknown as Logger };
}

test('C15: an upgrade that takes longer than a second is logged as a warning: its begin with advice, progress, end', async () => {
  const { lines, logger } = recorded();
  const clock = createManualClock();
  const path = join(root, 'slow.db');
  const older = new DatabaseSync(path);
  older.exec('PRAGMA user_version = 1');
  older.close();
  const gate = new Int32Array(new SharedArrayBuffer(4));
  let begun = 0;
  const after: Clock['after'] = (ms, callback) => {
    begun++;
    return clock.after(ms, callback);
  };
  const data: { path: string; gate: Int32Array } = { path, gate };
  const opening = WorkerLink.open({
    ...parts,
    logger,
    // The upgrade has begun when the link sets its first timer.
    clock: { ...clock, after },
    name: 'slow',
    data,
    unavailable: 'engine_unavailable',
    entry: new URL('../testing/slow-upgrade-worker.ts', import.meta.url),
  });
  await expect.poll(() => begun, { timeout: 20_000 }).toBe(1);
  await clock.advance(999);
  expect(lines).toEqual([]);
  await clock.advance(1);
  await clock.advance(10_000);
  Atomics.store(gate, 0, 1);
  Atomics.notify(gate, 0);
  const link = await opening;
  onTestFinished(() => link[Symbol.asyncDispose]());
  const file = { file: path, done: expect.any(String) };
  expect(lines).toEqual([
    {
      ...file,
      seconds: 1,
      text: expect.stringMatching(/is being upgraded.*needs a backup that the older version made/),
    },
    { ...file, seconds: 6, text: 'a file is still being upgraded to this version' },
    { ...file, seconds: 11, text: 'a file is still being upgraded to this version' },
    { ...file, seconds: 11, text: 'a file has been upgraded to this version' },
  ]);
  await clock.advance(60_000);
  expect(lines).toHaveLength(4);
});

test('an upgrade of a moment is not logged, and one that failed has no end', async () => {
  const { lines, logger } = recorded();
  const clock = createManualClock();
  const short = new UpgradeReport({ file: 'a', clock, logger });
  short.progress('schema 1 to 2');
  await clock.advance(999);
  short.finished();
  await clock.advance(60_000);
  expect(lines).toEqual([]);
  const failed = new UpgradeReport({ file: 'b', clock, logger });
  failed.progress('schema 1 to 2');
  await clock.advance(5_000);
  failed.progress('5000 of 20000 senders');
  await clock.advance(1_000);
  failed.stop();
  await clock.advance(60_000);
  expect(lines.map(({ done }) => done)).toEqual(['schema 1 to 2', '5000 of 20000 senders']);
});
