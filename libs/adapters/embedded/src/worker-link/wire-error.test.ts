import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { StoreOperations } from '../stores/store-operations.ts';
import { openSpoilingStores } from '../testing/parts.ts';
import { parts, scratchFolder } from '../testing/scratch.ts';
import type { Caller } from './caller.ts';
import { fromWireError, toWireError } from './wire-error.ts';

const folder = scratchFolder();
let made = 0;

async function store(): Promise<Caller<StoreOperations>> {
  const dataDir = join(folder, String(++made));
  mkdirSync(dataDir);
  const { subject, close } = await openSpoilingStores({ ...parts, dataDir }, 1e6);
  onTestFinished(close);
  return subject;
}

const never = { code: 'unprocessable', retry: 'never' };

test('C3: what threads do not copy fails its own call for good, and no other of the same turn', async () => {
  const stores = await store();
  const [before, odd, after] = await Promise.allSettled([
    stores.call('ping', null),
    stores.call('messages.locate', (() => {}) as never),
    stores.call('ping', null),
  ]);
  expect(before.status).toBe('fulfilled');
  expect(odd).toMatchObject({ status: 'rejected', reason: never });
  expect(after.status).toBe('fulfilled');
});

test('C3: a value that the database will never take is refused for good, alone', async () => {
  const stores = await store();
  const put = (text: unknown) => stores.call('messages.put', ['ann~bob', 'x'.repeat(24), 0, text, ''] as never);
  const [odd, ping] = await Promise.allSettled([put({ not: 'a column' }), stores.call('ping', null)]);
  expect(odd).toMatchObject({ status: 'rejected', reason: never });
  expect(ping.status).toBe('fulfilled');
});

test.each([
  [Object.assign(new Error('string or blob too big'), { code: 'ERR_SQLITE_ERROR', errcode: 18 }), 'unprocessable'],
  [Object.assign(new Error('constraint'), { code: 'ERR_SQLITE_ERROR', errcode: 19 + (5 << 8) }), 'unprocessable'],
  [Object.assign(new Error('no such column: x'), { code: 'ERR_SQLITE_ERROR', errcode: 1 }), 'internal'],
  [Object.assign(new Error('disk I/O error'), { code: 'ERR_SQLITE_ERROR', errcode: 10 }), 'store_unavailable'],
  [
    Object.assign(new Error('database or disk is full'), { code: 'ERR_SQLITE_ERROR', errcode: 13 }),
    'store_unavailable',
  ],
  [new RangeError('Maximum call stack size exceeded'), 'unprocessable'],
  [new Error('of nobody'), 'store_unavailable'],
])('%s crosses as %s', (error, code) => {
  expect(fromWireError(toWireError(error, 'store_unavailable')).code).toBe(code);
});
