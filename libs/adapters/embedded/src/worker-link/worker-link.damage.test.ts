import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from '@chasqui/kit';
import { expect, onTestFinished, test } from 'vitest';
import type { SearchOperations } from '../search/search-operations.ts';
import type { StoreData } from '../stores/store-context.ts';
import type { StoreOperations } from '../stores/store-operations.ts';
import { parts, scratchFolder } from '../testing/scratch.ts';
import { WorkerLink } from './worker-link.ts';

type Operations = StoreOperations & SearchOperations & { 'test.damage'(args: null): null };

const root = scratchFolder();

async function openDamaging(file: string) {
  const path = join(root, file.replace('.db', ''), file);
  mkdirSync(join(path, '..'), { recursive: true });
  const errors: unknown[] = [];
  const logger = { ...parts.logger, error: (fields: { err: unknown }) => errors.push(fields.err) } as unknown as Logger;
  const flushAt = { journalCharacters: 1_000_000, messages: 1_000 };
  const data: StoreData = { path, dedupWindowMs: 1_000_000, epoch: 'one', flushAt };
  const link = await WorkerLink.open<Operations>({
    ...parts,
    logger,
    name: file,
    data,
    unavailable: 'store_unavailable',
    entry: new URL('../testing/damaging-worker.ts', import.meta.url),
  });
  onTestFinished(() => link[Symbol.asyncDispose]());
  return { link, path, errors };
}

test('C3: a store that is found damaged while it runs says so by its name: in the log, to callers, and to readiness', async () => {
  const { link, path, errors } = await openDamaging('store.db');
  await link.call('ping', null);
  const fault = { code: 'store_unavailable', message: expect.stringContaining(`${path} is damaged`) };
  await expect(link.call('test.damage', null)).rejects.toMatchObject(fault);
  await expect(link.call('ping', null)).rejects.toMatchObject(fault);
  expect(errors).toMatchObject([{ message: expect.stringContaining('chasqui restore') }]);
  // Readable data is still served.
  expect((await link.call('logs.page', ['ann', 0, 1])).head).toBe(0);
});

test('C13: an index that is found damaged while it runs is made anew, and is due for a rebuild', async () => {
  const { link, path, errors } = await openDamaging('search.db');
  const rebuild = await link.call('search.rebuild', null);
  await link.call('search.commit', rebuild);
  expect(await link.call('search.rebuildDue', null)).toBe(false);
  await expect(link.call('test.damage', null)).rejects.toMatchObject({ code: 'store_unavailable' });
  await expect.poll(() => link.call('search.rebuildDue', null).catch(() => null), { timeout: 20_000 }).toBe(true);
  await link.call('ping', null);
  expect([existsSync(path), errors.length]).toEqual([true, 1]);
});

test('C13: a rebuild whose process died is due again, and one that is under way is not', async () => {
  const { link } = await openDamaging('late search.db');
  expect(await link.call('search.rebuildDue', null)).toBe(true);
  await link.call('search.rebuild', null);
  expect(await link.call('search.rebuildDue', null)).toBe(false);
});
