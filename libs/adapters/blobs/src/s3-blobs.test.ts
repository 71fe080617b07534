import { blobStoreContract, directBlobsContract } from '@chasqui/contracts';
import { systemClock, systemRandom } from '@chasqui/kit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createS3Blobs } from './s3-blobs.ts';
import { type S3Server, startS3Server } from './testing/s3-server.ts';

const parts = { clock: systemClock, random: systemRandom };

describe('the contract', () => {
  let server: S3Server;
  beforeAll(async () => {
    server = await startS3Server();
  });
  afterAll(() => server[Symbol.asyncDispose]());
  const harness = {
    clock: systemClock,
    advance: async () => {},
    async create() {
      server.bucket.objects.clear();
      server.bucket.uploads.clear();
      return createS3Blobs({ config: server.config, ...parts });
    },
    reopen: async () => createS3Blobs({ config: server.config, ...parts }),
  };
  blobStoreContract('S3', harness);
  directBlobsContract('S3', harness);
});

describe('trouble', () => {
  const bytes = Uint8Array.of(1, 2, 3);
  const away = { code: 'store_unavailable', retry: 'backoff' };
  let server: S3Server;
  beforeEach(async () => {
    server = await startS3Server(1_500);
  });
  afterEach(() => server[Symbol.asyncDispose]());
  const open = (change: object = {}) => createS3Blobs({ config: { ...server.config, ...change }, ...parts });

  test('what fails for a reason that passes is tried again, signed anew', async () => {
    server.troubles.push({ status: 500 }, { status: 503 }, { hangUp: true }, { status: 429 });
    await open().put('abc', bytes);
    expect(server.requests).toEqual(Array.from({ length: 5 }, () => 'PUT /pictures/chasqui/abc'));
    expect(server.bucket.objects.get('chasqui/abc')).toEqual(Buffer.from(bytes));
  });

  test.each([
    ['another secret', { secretAccessKey: 'not the secret' }],
    ['another key id', { accessKeyId: 'AKIAOTHER' }],
    ['another region', { region: 'us-east-1' }],
    ['another bucket', { bucket: 'elsewhere' }],
  ])('%s: refused at once, told as the status alone', async (_, change) => {
    const blobs = open(change);
    const refusal = { ...away, message: expect.stringMatching(/^the S3 store answers 40[34] to /) };
    await expect(blobs.put('abc', bytes)).rejects.toMatchObject(refusal);
    await expect(blobs.ping()).rejects.toMatchObject(refusal);
    expect(server.requests).toHaveLength(2);
    expect(server.bucket.objects.size).toBe(0);
  });

  test('an answer that takes too long, and a store that stays in trouble, end at the deadline', async () => {
    const blobs = open({ deadlineMs: 300 });
    server.troubles.push({ delayMs: 2_000 });
    const began = performance.now();
    await expect(blobs.get('abc')).rejects.toMatchObject(away);
    server.troubles.push(...Array.from({ length: 50 }, () => ({ status: 500 })));
    await expect(blobs.put('abc', bytes)).rejects.toMatchObject(away);
    expect(performance.now() - began).toBeLessThan(1_900);
  });

  test('a picture that breaks off on its way is no whole one', async () => {
    const blobs = open();
    await blobs.put('abc', new Uint8Array(300_000));
    server.troubles.push({ cutAfter: 100_000 });
    const pieces = await blobs.get('abc');
    await expect(Array.fromAsync(pieces ?? [])).rejects.toMatchObject(away);
  });

  test('a store that is not there at all fails calls as unavailable', async () => {
    const blobs = open({ endpoint: 'http://127.0.0.1:9', deadlineMs: 300 });
    await expect(blobs.ping()).rejects.toMatchObject(away);
    await expect(blobs.remove('abc')).rejects.toMatchObject(away);
  });
});
