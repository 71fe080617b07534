import { randomBytes } from 'node:crypto';
import type { AttachedFile } from '@chasqui/domain';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { sha256 } from '../api/attach.ts';
import { startTestCluster, type TestCluster } from '../cluster/cluster.ts';
import { type Device, openDevice, until } from './devices.ts';

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startTestCluster();
}, 120_000);
afterAll(() => cluster?.[Symbol.asyncDispose](), 180_000);

async function call(user: string, method: string, path: string, body?: object | Buffer, headers: object = {}) {
  const authorization = `Bearer ${await cluster.token(user)}`;
  const type = Buffer.isBuffer(body) ? 'application/offset+octet-stream' : 'application/json';
  return fetch(`${cluster.running.url}${path}`, {
    method,
    headers: { authorization, ...(body === undefined ? {} : { 'content-type': type }), ...headers },
    ...(body === undefined ? {} : { body: Buffer.isBuffer(body) ? Uint8Array.from(body) : JSON.stringify(body) }),
  });
}

async function upload(user: string, bytes: Buffer): Promise<string> {
  const fields = { name: 'noise.bin', size: bytes.length, type: 'application/octet-stream', sha256: sha256(bytes) };
  const { id, upload } = (await (await call(user, 'POST', '/api/attachments', fields)).json()) as {
    id: string;
    upload: { url: string };
  };
  const patched = await call(user, 'PATCH', upload.url, bytes, { 'upload-offset': '0' });
  expect(patched.status).toBe(204);
  const completed = await call(user, 'POST', `/api/attachments/${id}/complete`);
  expect(await completed.json()).toMatchObject({ state: 'ready' });
  return id;
}

/** As a client that knows no better has it. */
const named = (id: string) => ({ id, name: 'x', size: 1, type: 'a/b' });

/** The files of the messages that reach the device. */
function filesOn({ client }: Device) {
  const files: AttachedFile[] = [];
  client.on('message', ({ message }) => void files.push(...(message.content.attachments ?? [])));
  return files;
}

it('a file travels from device to device: shown at once with what the server knows of it, read, and gone with its recall', async () => {
  using ann = await openDevice(cluster, { user: 'ann', node: 1 });
  using bob = await openDevice(cluster, { user: 'bob', node: 2 });
  const files = filesOn(bob);
  const bytes = randomBytes(3_000_000);
  const id = await upload('ann', bytes);
  const { stored } = ann.client.send({ to: 'bob', content: { text: 'see', attachments: [named(id)] } });
  const { messageId } = await stored;
  await until(() => files.length > 0, 'the message arrives');
  expect(files[0]).toMatchObject({ id, name: 'noise.bin', size: bytes.length });
  const path = `/api/conversations/ann~bob/messages/${messageId}/attachments/${id}`;
  const answer = await call('bob', 'GET', path);
  expect(Buffer.from(await answer.arrayBuffer()).equals(bytes)).toBe(true);
  expect((await call('cat', 'GET', path)).status).toBe(403);
  await ann.client.recall('ann~bob', messageId);
  await until(async () => (await call('bob', 'GET', path)).status === 404, 'nobody reads a recalled file');
});

it('C15: a file of somebody else, or one that is not complete, is refused to its sender', async () => {
  using cat = await openDevice(cluster, { user: 'cat', node: 1 });
  const theirs = await upload('ann', randomBytes(10));
  const { queued } = cat.client.send({ to: 'bob', content: { attachments: [named(theirs)] } });
  await expect(queued).rejects.toMatchObject({
    code: 'attachment_invalid',
    details: { field: 'content.attachments.0' },
  });
});
