import { createS3Blobs } from '@chasqui/blobs/s3';

import { blobStoreContract, directBlobsContract } from '@chasqui/contracts';
import { systemClock, systemRandom } from '@chasqui/kit';
import { afterAll, beforeAll } from 'vitest';
import { type Gateway, startGateway } from './gateway.ts';

const parts = { clock: systemClock, random: systemRandom };
let gateway: Gateway;
let made = 0;
beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway?.[Symbol.asyncDispose]());

const open = async (name: string) => createS3Blobs({ config: await gateway.bucket(name), ...parts });
const harness = {
  clock: systemClock,
  advance: async () => {},
  create: () => open(`bucket-${++made}`),
  async reopen() {
    await gateway.restart();
    return open(`bucket-${made}`);
  },
};

blobStoreContract('S3, versitygw', harness);
directBlobsContract('S3, versitygw', harness);
