import { randomBytes } from 'node:crypto';
import type { UploadProgress } from '@chasqui/client';
import { attachments } from '@chasqui/client/attachments';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type S3Server, startS3Server } from '../../libs/adapters/blobs/src/testing/s3-server.ts';
import { startTestCluster, type TestCluster } from '../cluster/cluster.ts';
import { openDevice, until } from './devices.ts';

let store: S3Server;
let cluster: TestCluster;
beforeAll(async () => {
  store = await startS3Server();
  const { endpoint, region, bucket, prefix, accessKeyId, secretAccessKey } = store.config;
  cluster = await startTestCluster({
    env: {
      ...{ CHASQUI_BLOBS: 's3', CHASQUI_S3_ENDPOINT: endpoint, CHASQUI_S3_REGION: region, CHASQUI_S3_BUCKET: bucket },
      CHASQUI_S3_PREFIX: prefix,
      ...{ CHASQUI_S3_ACCESS_KEY_ID: accessKeyId, CHASQUI_S3_SECRET_ACCESS_KEY: secretAccessKey },
    },
  });
}, 120_000);
afterAll(async () => {
  await cluster?.[Symbol.asyncDispose]();
  await store?.[Symbol.asyncDispose]();
}, 180_000);

/** The library's uploads of a user. `ask`: in place of `fetch`. */
const filesOf = async (user: string, ask: typeof fetch = fetch) =>
  attachments({
    ...{ nodesUrl: `${cluster.running.url}/api/nodes`, token: () => cluster.token(user), fetch: ask, random: () => 0 },
  });
const partsOf = (id: string | undefined) =>
  [...store.bucket.uploads.values()].find(({ key }) => key.endsWith(`/${id}`));

it('the client library uploads a file to the store in parts, over requests that fail, and reads it from there', async () => {
  const bytes = randomBytes(20_000_000);
  let calls = 0;
  const failing: typeof fetch = async (...args) => {
    if (++calls % 3 === 0) throw new TypeError('the network is gone');
    const answer = await fetch(...args);
    if (calls % 4 === 0) throw new TypeError('the answer is lost');
    return answer;
  };
  const seen: UploadProgress[] = [];
  const files = await filesOf('ann', failing);
  const upload = files.upload(new File([bytes], 'sea.bin'), { onProgress: (progress) => seen.push(progress) });
  const file = await upload.done;
  expect(file).toEqual({ id: upload.id, name: 'sea.bin', size: bytes.length, type: 'application/octet-stream' });
  expect(seen.map(({ sent }) => sent)).toEqual(seen.map(({ sent }) => sent).toSorted((a, b) => a - b));
  expect([...new Set(seen.map(({ state }) => state))]).toEqual(['reading', 'uploading', 'checking', 'ready']);
  using ann = await openDevice(cluster, { user: 'ann', node: 1 });
  const { messageId } = await ann.client.send({ to: 'bob', content: { attachments: [file] } }).stored;
  const message = { conversationId: 'ann~bob', messageId };
  const bobs = await filesOf('bob');
  expect(Buffer.from(await (await bobs.read(message, file.id)).arrayBuffer()).equals(bytes)).toBe(true);
  const part = Buffer.from(await (await bobs.read(message, file.id, [7, 1_000_006])).arrayBuffer());
  expect(part.equals(bytes.subarray(7, 1_000_007))).toBe(true);
  await expect((await filesOf('cat')).read(message, file.id)).rejects.toMatchObject({ code: 'not_a_member' });
});

it('an upload to the store is paused and resumed, goes on in another run of the application, and is given up', async () => {
  const file = new Blob([randomBytes(20_000_000)]);
  const files = await filesOf('ann');
  const upload = files.upload(file, {
    onProgress: ({ state, sent }) => {
      if (state === 'uploading' && sent > 0) upload.pause();
    },
  });
  await until(() => upload.state === 'paused', 'it is paused');
  const { id = '' } = upload;
  expect(partsOf(id)?.parts.size).toBe(1);
  const sent: number[] = [];
  const again = (await filesOf('ann')).upload(file, { id, onProgress: (progress) => sent.push(progress.sent) });
  expect(await again.done).toMatchObject({ id, size: file.size });
  expect(sent).toContain(8 * 1024 * 1024);
  upload.resume();
  expect(await upload.done).toEqual(await again.done);
  const given = files.upload(file);
  await until(() => given.id !== undefined, 'it is announced');
  given.cancel();
  await expect(given.done).rejects.toMatchObject({ code: 'connection_closed' });
});

it('several uploads run at once', async () => {
  const files = await filesOf('ann');
  const uploads = Array.from({ length: 5 }, () => files.upload(new Blob([randomBytes(100_000)])));
  expect(new Set((await Promise.all(uploads.map(({ done }) => done))).map(({ id }) => id)).size).toBe(5);
});
