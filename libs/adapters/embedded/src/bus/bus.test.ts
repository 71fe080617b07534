import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger, systemClock, systemRandom } from '@chasqui/kit';
import { messageBusContract } from '@chasqui/ports/contracts';
import { afterAll } from 'vitest';
import { type OpenBus, openBus } from './open-bus.ts';

const folder = mkdtempSync(join(tmpdir(), 'chasqui-bus-'));
let buses = 0;
let open: OpenBus | undefined;

async function openIn(dataDir: string) {
  open = await openBus({ dataDir, clock: systemClock, random: systemRandom, logger: silentLogger }, {});
  return open.bus;
}

messageBusContract('embedded', {
  clock: systemClock,
  advance: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  async create() {
    await open?.channel[Symbol.asyncDispose]();
    const dataDir = join(folder, String(++buses));
    mkdirSync(dataDir);
    return openIn(dataDir);
  },
  async reopen() {
    await open?.channel.abandon();
    await open?.bus[Symbol.asyncDispose]();
    return openIn(join(folder, String(buses)));
  },
  propertyRuns: 5,
});

afterAll(async () => {
  await open?.channel[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});
