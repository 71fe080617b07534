import { messageStoreContract } from '@chasqui/contracts';
import { systemClock } from '@chasqui/kit';
import type { MessageLocator } from '@chasqui/ports';
import { afterEach } from 'vitest';
import { openHbaseEngines } from '../index.ts';
import { FakeHbase } from '../testing/fake-hbase.ts';
import { pause } from '../testing/real.ts';

// The contract on the fake HBase; contract.real.test.ts runs it on HBase itself.

let locator: MessageLocator;
let opened: AsyncDisposable[] = [];

afterEach(async () => {
  for (const one of opened) await one[Symbol.asyncDispose]();
  opened = [];
});

messageStoreContract('HBase, a stand-in', {
  async create() {
    const fake = await FakeHbase.start();
    const engines = await openHbaseEngines(fake.options());
    opened.push(engines, fake);
    locator = engines.locator;
    return engines.messages;
  },
  locator: () => locator,
  clock: systemClock,
  advance: (ms) => pause(systemClock, ms),
});
