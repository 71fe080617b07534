import { messageStoreContract } from '@chasqui/contracts';
import { systemClock } from '@chasqui/kit';
import type { MessageLocator, MessageStore } from '@chasqui/ports';
import { afterAll, beforeAll } from 'vitest';
import { killEngine, startEngine } from '../../../../../deploy/engines/control.ts';
import { openHbaseEngines } from '../index.ts';
import { freshTables } from '../testing/admin.ts';
import { empty, pause, type RealEngines, realOptions } from '../testing/real.ts';

const options = realOptions('contract');
let tables: AsyncDisposable;
let engines: RealEngines;
let locator: MessageLocator;

beforeAll(async () => {
  tables = await freshTables(options);
  engines = await openHbaseEngines(options);
});

afterAll(async () => {
  await engines[Symbol.asyncDispose]();
  await tables[Symbol.asyncDispose]();
});

function current(): MessageStore {
  locator = engines.locator;
  return engines.messages;
}

messageStoreContract('HBase', {
  async create() {
    await empty(engines);
    return current();
  },
  async reopen() {
    await killEngine('hbase');
    await startEngine('hbase');
    const old = engines;
    engines = await openHbaseEngines(options);
    await old[Symbol.asyncDispose]();
    return current();
  },
  locator: () => locator,
  clock: systemClock,
  advance: (ms) => pause(systemClock, ms),
  propertyRuns: 15,
  // As long as `startEngine` waits for HBase on a busy machine.
  timeoutMs: 330_000,
});
