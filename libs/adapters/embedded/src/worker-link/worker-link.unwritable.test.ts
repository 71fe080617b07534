import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { LogOperations } from '../bus/log-operations.ts';
import type { StoreOperations } from '../stores/store-operations.ts';
import { parts, scratchFolder } from '../testing/scratch.ts';
import { WorkerLink } from './worker-link.ts';

type Operations = LogOperations & StoreOperations & { 'test.unwritable'(is: boolean): null };

const root = scratchFolder();

test.each([
  [
    'store.db',
    'logs.append',
    ['ann', '{}'],
    { dedupWindowMs: 1_000, epoch: 'one', flushAt: { journalCharacters: 9, messages: 9 } },
  ],
  ['bus.db', 'advance', [1, 1, 1], { shards: {}, maxLogBytes: 1_000_000 }],
] as const)(
  'C11: %s whose last write failed says so to readiness, until one succeeds',
  async (file, op, args, options) => {
    const dataDir = join(root, file.replace('.', '-'));
    mkdirSync(dataDir);
    const link = await WorkerLink.open<Operations>({
      ...parts,
      name: file,
      data: { path: join(dataDir, file), ...options },
      unavailable: 'engine_unavailable',
      entry: new URL('../testing/unwritable-worker.ts', import.meta.url),
    });
    onTestFinished(() => link[Symbol.asyncDispose]());
    const write = () => link.call(op, [...args] as never);
    await write();
    await link.call('test.unwritable', true);
    // No write has been tried yet.
    await link.call('ping', null);
    await expect(write()).rejects.toMatchObject({ code: 'engine_unavailable' });
    for (let time = 0; time < 2; time++) {
      await expect(link.call('ping', null)).rejects.toMatchObject({ code: 'engine_unavailable' });
    }
    await link.call('test.unwritable', false);
    // A ping detects it without a user's write.
    await link.call('ping', null);
    await link.call('test.unwritable', true);
    await link.call('ping', null);
    await link.call('test.unwritable', false);
    await write();
  },
);
