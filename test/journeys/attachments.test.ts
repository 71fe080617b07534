import { randomBytes } from 'node:crypto';
import type { UploadProgress } from '@chasqui/client';
import { attachments } from '@chasqui/client/attachments';
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

it('a forwarded file is read by those who get it, also when it was recalled where it came from, and by nobody else', async () => {
  using ann = await openDevice(cluster, { user: 'ann', node: 1 });
  using bob = await openDevice(cluster, { user: 'bob', node: 2 });
  const bytes = randomBytes(1_000);
  const id = await upload('ann', bytes);
  const content = { attachments: [named(id)] };
  const { messageId } = await ann.client.send({ to: 'bob', content }).stored;
  const forwardOf = { conversationId: 'ann~bob', messageId };
  const forward = await bob.client.send({ to: 'cat', content, forwardOf }).stored;
  const [shown] = bob.client.conversation('cat').messages;
  expect(shown).toMatchObject({ content: { attachments: [{ id, name: 'noise.bin' }] }, forwarded: { from: 'ann' } });
  await ann.client.recall('ann~bob', messageId);
  const path = `/api/conversations/bob~cat/messages/${forward.messageId}/attachments/${id}`;
  const first = `/api/conversations/ann~bob/messages/${messageId}/attachments/${id}`;
  await until(async () => (await call('bob', 'GET', first)).status === 404, 'the first message has no file any more');
  const answer = await call('cat', 'GET', path);
  expect(Buffer.from(await answer.arrayBuffer()).equals(bytes)).toBe(true);
  const statuses = async (user: string) => [
    (await call(user, 'GET', path)).status,
    (await call(user, 'GET', first)).status,
  ];
  // Whoever uploaded it is not in the conversation that it went to.
  expect([await statuses('ann'), await statuses('cat'), await statuses('eve')]).toEqual([
    [403, 404],
    [200, 403],
    [403, 403],
  ]);
  await expect(ann.client.send({ to: 'eve', content, forwardOf }).queued).rejects.toMatchObject({
    code: 'message_not_found',
  });
  await bob.client.recall('bob~cat', forward.messageId);
  await until(
    async () => (await call('cat', 'GET', path)).status === 404,
    'the last message with the file is recalled',
  );
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

/** The library's uploads of a user. `ask`: in place of `fetch`. */
const filesOf = async (user: string, ask: typeof fetch = fetch) =>
  attachments({
    ...{ nodesUrl: `${cluster.running.url}/api/nodes`, token: () => cluster.token(user), fetch: ask, random: () => 0 },
    pieceBytes: 1_000_000,
  });

it('the client library uploads a file in pieces, over requests that fail, with progress that only rises, and reads it', async () => {
  const bytes = randomBytes(5_500_000);
  let calls = 0;
  const failing: typeof fetch = async (...args) => {
    if (++calls % 3 === 0) throw new TypeError('the network is gone');
    const answer = await fetch(...args);
    // The server has the bytes, and the client does not know.
    if (calls % 4 === 0) throw new TypeError('the answer is lost');
    return answer;
  };
  const seen: UploadProgress[] = [];
  const files = await filesOf('ann', failing);
  const upload = files.upload(new File([bytes], 'a/b?.bin'), { onProgress: (progress) => seen.push(progress) });
  const file = await upload.done;
  expect(file).toEqual({ id: upload.id, name: 'a_b?.bin', size: bytes.length, type: 'application/octet-stream' });
  expect(seen.map(({ sent }) => sent)).toEqual(seen.map(({ sent }) => sent).toSorted((a, b) => a - b));
  expect([...new Set(seen.map(({ state }) => state))]).toEqual(['reading', 'uploading', 'checking', 'ready']);
  using ann = await openDevice(cluster, { user: 'ann', node: 1, deviceId: 'ann-laptop' });
  const { messageId } = await ann.client.send({ to: 'bob', content: { attachments: [file] } }).stored;
  const bobs = await filesOf('bob');
  const message = { conversationId: 'ann~bob', messageId };
  expect(Buffer.from(await (await bobs.read(message, file.id)).arrayBuffer()).equals(bytes)).toBe(true);
  const part = Buffer.from(await (await bobs.read(message, file.id, [7, 1_000_006])).arrayBuffer());
  expect(part.equals(bytes.subarray(7, 1_000_007))).toBe(true);
  await expect((await filesOf('cat')).read(message, file.id)).rejects.toMatchObject({ code: 'not_a_member' });
});

it('an upload is paused and resumed, goes on in another run of the application, and can be given up', async () => {
  const file = new Blob([randomBytes(4_000_000)]);
  const files = await filesOf('ann');
  const upload = files.upload(file, {
    onProgress: ({ state, sent }) => {
      if (state === 'uploading' && sent === 2_000_000) upload.pause();
    },
  });
  await until(() => upload.state === 'paused', 'it is paused');
  const { id = '' } = upload;
  expect((await call('ann', 'HEAD', `/api/attachments/${id}/upload`)).headers.get('upload-offset')).toBe('2000000');
  const again = (await filesOf('ann')).upload(file, { id });
  expect(await again.done).toMatchObject({ id, size: 4_000_000 });
  upload.resume();
  expect(await upload.done).toEqual(await again.done);
  const given = files.upload(file);
  await until(() => given.id !== undefined, 'it is announced');
  given.cancel();
  await expect(given.done).rejects.toMatchObject({ code: 'connection_closed' });
  await until(async () => (await call('ann', 'GET', `/api/attachments/${given.id}`)).status === 404, 'it is given up');
  const lost = (await filesOf('ann')).upload(file, { id: 'f'.repeat(32) });
  await expect(lost.done).rejects.toMatchObject({ code: 'not_found' });
});
