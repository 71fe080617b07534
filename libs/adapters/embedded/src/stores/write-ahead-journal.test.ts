import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { HybridClock } from '@chasqui/domain';
import { expect, test } from 'vitest';
import { direct, toRecord } from '../testing/direct-messages.ts';
import { scratchFolder } from '../testing/scratch.ts';
import { pushRecord } from './conversations/record-row.ts';
import { openStoreEngine } from './store-engine.ts';

const folder = scratchFolder();
const ids = new HybridClock({ now: Date.now, tag: 7 });

function open(name: string, journalCharacters = 1e9) {
  const flushAt = { journalCharacters, messages: 1e9 };
  const engine = openStoreEngine({ path: join(folder, name), dedupWindowMs: 60_000, epoch: 'e', flushAt });
  let made = 0;
  const headOf = (user: string) => engine.store.users.find(user)?.head ?? 0;
  /** One transaction with so many messages from ann to bob; a lost one is rolled back. */
  const record = (count: number, isLost = false) => {
    const values: (string | number)[] = [];
    for (let n = 0; n < count; n++) {
      const message = direct({ messageId: ids.next(), clientMessageId: `k${made++}`, from: 'ann', to: 'bob' });
      pushRecord(values, toRecord(message));
    }
    engine.db.begin();
    engine.handlers['conversations.record']?.(values as never, Date.now());
    engine.beforeCommit?.(Date.now());
    if (isLost) engine.db.rollback();
    else engine.db.commit();
    if (isLost) engine.afterRollback?.();
  };
  const journal = () => engine.db.all('SELECT body FROM journal').map(([body]) => body);
  return { ...engine, headOf, record, journal };
}

test('C3: what a large and a small transaction wrote is there after a restart; the large row is compressed', () => {
  const first = open('sizes.db');
  first.record(60);
  first.record(1);
  first.record(60, true);
  expect(first.journal().map((body) => typeof body)).toEqual(['object', 'string']);
  const [large] = first.journal() as [Uint8Array];
  expect(large.length / 60).toBeLessThan(80);
  first.db.close();
  const again = open('sizes.db');
  expect([again.headOf('ann'), again.headOf('bob')]).toEqual([61, 61]);
  again.db.close();
});

test('a flush empties the journal, whose size counts as it was before it was compressed', () => {
  const engine = open('flush.db', 40_000);
  const rows: number[] = [];
  for (let n = 0; n < 60; n++) {
    engine.record(30);
    rows.push(engine.journal().length);
  }
  expect(Math.max(...rows)).toBeLessThan(40);
  expect(rows.filter((count, n) => count < (rows[n - 1] ?? 0)).length).toBeGreaterThan(2);
  engine.db.close();
});

test('C10: a compressed row of the journal in which a bit has flipped refuses the start', () => {
  const engine = open('flipped.db');
  engine.record(60);
  const [body] = engine.journal() as [Uint8Array];
  engine.db.close();
  for (const at of [0, 5, body.length - 1]) {
    const spoilt = Buffer.from(body);
    spoilt[at] = (spoilt[at] ?? 0) ^ 1;
    const name = `flipped-${at}.db`;
    copyFileSync(join(folder, 'flipped.db'), join(folder, name));
    const file = new DatabaseSync(join(folder, name));
    file.prepare('UPDATE journal SET body = ?').run(spoilt);
    file.close();
    expect(() => open(name)).toThrow(/a row of its journal cannot be read/);
  }
});
