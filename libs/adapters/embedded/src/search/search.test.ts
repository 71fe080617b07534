import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger, systemClock, systemRandom } from '@chasqui/kit';
import { searchIndexContract } from '@chasqui/ports/contracts';
import { afterAll } from 'vitest';
import type { WorkerChannel } from '../channel/worker-channel.ts';
import { openSearch } from './open-search.ts';
import { createSearchIndex } from './search-index.ts';
import type { SearchOperations } from './search-operations.ts';

const folder = mkdtempSync(join(tmpdir(), 'chasqui-search-'));
let indexes = 0;
let channel: WorkerChannel<SearchOperations> | undefined;

async function openIn(dataDir: string) {
  channel = await openSearch({ dataDir, clock: systemClock, random: systemRandom, logger: silentLogger });
  return createSearchIndex(channel);
}

searchIndexContract('embedded', {
  clock: systemClock,
  advance: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  settle: async () => {},
  async create() {
    await channel?.[Symbol.asyncDispose]();
    const dataDir = join(folder, String(++indexes));
    mkdirSync(dataDir);
    return openIn(dataDir);
  },
  async reopen() {
    await channel?.abandon();
    return openIn(join(folder, String(indexes)));
  },
});

afterAll(async () => {
  await channel?.[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});
