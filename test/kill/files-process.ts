import { createInterface } from 'node:readline';
import { readApiConfig } from '@chasqui/app-api/config';
import { startCluster } from '@chasqui/app-cli/cluster';
import { openBlobs } from '@chasqui/blobs';
import type { Clock } from '@chasqui/domain';
import { createLogger, systemClock, systemRandom } from '@chasqui/kit';
import { auditBlobs } from '../../apps/api/src/blobs/blob-audit.ts';
import { BlobSweeper } from '../../apps/api/src/blobs/blob-sweeper.ts';

/**
 * `npm start` for a test that kills it, with files. Commands are lines: `sweep` collects what is due two days later, in
 * rounds that follow each other at once, and answers when nothing is due; `audit` prints what is not as it should be.
 */
const logger = createLogger({ name: 'files-process', level: 'silent' });
const { connect, url, engines } = await startCluster({ env: process.env, nodes: 1, port: 0, logger });
const blobs = await openBlobs(readApiConfig(process.env).blobs, { clock: systemClock, random: systemRandom });
const say = (value: unknown) => process.stdout.write(`${JSON.stringify(value)}\n`);
say({ url, wsUrl: connect[0]?.wsUrl });

const later: Clock = {
  now: () => systemClock.now() + 49 * 3600 * 1000,
  monotonic: () => systemClock.monotonic(),
  after: (ms, run) => systemClock.after(ms / 10_000, run),
};

for await (const command of createInterface({ input: process.stdin })) {
  if (command === 'sweep') {
    const sweeper = new BlobSweeper({ clock: later, lists: [engines.attachments], blobs, logger });
    sweeper.start();
    while ((await engines.attachments.due(later.now(), 1)).length > 0) {
      await new Promise((resolve) => systemClock.after(10, () => resolve(null)));
    }
    await sweeper[Symbol.asyncDispose]();
    say('swept');
  } else {
    say(await Array.fromAsync(auditBlobs({ ...engines, blobs, clock: systemClock, graceMs: -60_000 })));
  }
}
