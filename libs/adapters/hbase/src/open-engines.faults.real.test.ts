import { afterAll, beforeAll, expect, test } from 'vitest';
import { freezeEngine, killEngine, startEngine, thawEngine } from '../../../../deploy/engines/control.ts';
import { openHbaseEngines, setupHbase } from './index.ts';
import { conversationStart } from './messages/row-keys.ts';
import { tableNames } from './messages/table-names.ts';
import { freshTables, openAdmin } from './testing/admin.ts';
import { Load } from './testing/load.ts';
import { pause, type RealEngines, realOptions, until } from './testing/real.ts';

const options = realOptions('faults');
const { messages: table } = tableNames(options.config.tablePrefix);
const LONGEST_CALL_MS = options.config.deadlineMs + 1_000;
let tables: AsyncDisposable;
let engines: RealEngines;

beforeAll(async () => {
  tables = await freshTables(options);
  engines = await openHbaseEngines(options);
});

afterAll(async () => {
  await engines[Symbol.asyncDispose]();
  await tables[Symbol.asyncDispose]();
});

/** Checks that further messages are acked from now on. */
async function goesOn(load: Load): Promise<void> {
  const before = load.acked.size;
  await until('more is acked', () => load.acked.size >= before + 100);
}

test('setup may run again, and twice at once', async () => {
  await Promise.all([setupHbase(options), setupHbase(options)]);
  const other = realOptions('twice');
  await using _dropped = await freshTables(other);
  await Promise.all([setupHbase(other), setupHbase(other)]);
});

test('missing tables are one clear message', async () => {
  await expect(openHbaseEngines(realOptions('nowhere'))).rejects.toMatchObject({
    code: 'config_invalid',
    message: expect.stringContaining('npx chasqui setup'),
  });
});

test('C2, C7: a region that moves under load costs nothing but time', async () => {
  await using load = new Load(engines.messages);
  using admin = openAdmin(options);
  await goesOn(load);
  const region = await admin.regionOf(table, conversationStart('ann~peer7'));
  await admin.unassign(region);
  await pause(options.clock, 1_000);
  await admin.assign(region);
  await goesOn(load);
  await load.stop();
  expect(await load.missing()).toEqual([]);
  expect(load.slowestMs).toBeLessThan(LONGEST_CALL_MS);
});

test('C2, C7: a region that is split under load costs nothing but time', async () => {
  await using load = new Load(engines.messages);
  using admin = openAdmin(options);
  await goesOn(load);
  const row = conversationStart('ann~peer11');
  const before = await admin.regionOf(table, row);
  await admin.split(before, row);
  await goesOn(load);
  await load.stop();
  expect(await load.missing()).toEqual([]);
  using fresh = openAdmin(options);
  expect((await fresh.regionOf(table, row)).startKey).toEqual(row);
});

test('C11: a frozen HBase fails calls in bounded time; when it goes on, so do they', async () => {
  await using load = new Load(engines.messages);
  await goesOn(load);
  freezeEngine('hbase');
  try {
    await pause(options.clock, 15_000);
  } finally {
    thawEngine('hbase');
  }
  await goesOn(load);
  await load.stop();
  expect(load.failures).toBeGreaterThan(0);
  expect(load.slowestMs).toBeLessThan(LONGEST_CALL_MS);
  expect(await load.missing()).toEqual([]);
});

// A start of HBase takes half a minute, and several minutes on a busy machine.
test('C2, C7, C11: what was acked outlives kill -9; an app that runs goes on by itself, one that starts waits', {
  timeout: 330_000,
}, async () => {
  await using load = new Load(engines.messages);
  await goesOn(load);
  await killEngine('hbase');
  await expect(engines.messages.ping()).rejects.toMatchObject({ code: 'store_unavailable' });
  const starting = startEngine('hbase');
  // Retries as often as a supervisor would restart the app.
  const opening = (async () => {
    for (;;) {
      try {
        return await openHbaseEngines(options);
      } catch (error) {
        expect(error).toMatchObject({ code: 'engine_unavailable' });
      }
    }
  })();
  await starting;
  await goesOn(load);
  await load.stop();
  expect(await load.missing()).toEqual([]);
  expect(load.slowestMs).toBeLessThan(LONGEST_CALL_MS);
  await using started = await opening;
  await started.messages.ping();
});
