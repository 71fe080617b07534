import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { complete, patch, reserve } from './attach.ts';
import { createTestApi, type TestApi } from './fixture.ts';

const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, n) => (n * 7 + (n >> 8)) & 0xff));
let api: TestApi;
let port: number;
beforeEach(async () => {
  api = await createTestApi();
  port = Number(new URL(await api.app.listen({ host: '127.0.0.1', port: 0 })).port);
});
afterEach(() => api[Symbol.asyncDispose]());

/** Sends a request's head and some of its body, and hangs up or waits for the answer's first line; empty: it was cut off. */
async function raw(head: string[], body: Buffer, { hangsUp = false } = {}): Promise<string> {
  const socket = connect(port, '127.0.0.1').on('error', () => {});
  socket.write(`${head.join('\r\n')}\r\n\r\n`);
  socket.write(body);
  if (hangsUp) {
    await pause(100);
    socket.destroy();
    return '';
  }
  const answered = once(socket, 'data').then(([answer]) => String(answer).split('\r\n')[0] ?? '');
  const cut = once(socket, 'close').then(() => '');
  return await Promise.race([answered, cut]).finally(() => socket.destroy());
}

async function headOf(id: string, fields: { [name: string]: string | number }): Promise<string[]> {
  const all = {
    ...{ host: '127.0.0.1', authorization: `Bearer ${await api.tokenOf('ana')}` },
    ...{ 'content-type': 'application/offset+octet-stream', 'upload-offset': 0, 'content-length': bytes.length },
    ...fields,
  };
  return [`PATCH /api/attachments/${id}/upload HTTP/1.1`, ...Object.entries(all).map(([k, v]) => `${k}: ${v}`)];
}

const offsetOf = async (id: string) =>
  Number((await api.call('HEAD', `/api/attachments/${id}/upload`, { as: 'ana' })).headers['upload-offset']);

/** What is there is the start of the file, and the upload goes on. */
async function goesOn(id: string): Promise<void> {
  const offset = await offsetOf(id);
  if (offset < bytes.length) expect((await patch(api, 'ana', id, bytes.subarray(offset), offset)).statusCode).toBe(204);
  expect((await complete(api, 'ana', id)).json()).toMatchObject({ state: 'ready' });
}

test('a body that ends before its length keeps what came, and the upload goes on', async () => {
  const { id } = await reserve(api, 'ana', bytes, { type: 'a/b' });
  await raw(await headOf(id, {}), bytes.subarray(0, 100_000), { hangsUp: true });
  await expect.poll(() => offsetOf(id)).toBe(100_000);
  await goesOn(id);
});

test('requests at once for one offset never mix their bytes', async () => {
  const { id } = await reserve(api, 'ana', bytes, { type: 'a/b' });
  const head = await headOf(id, {});
  const lines = await Promise.all([1, 2, 3, 4, 5].map(() => raw(head, bytes).catch(() => '')));
  expect(
    lines.every((line) => line === '' || /^HTTP\/1.1 (?:204|409) /.test(line)),
    lines.join(),
  ).toBe(true);
  await goesOn(id);
});

test.each([
  ['a negative offset', { 'upload-offset': -1 }, 400],
  ['an offset that is no number', { 'upload-offset': '0x10' }, 400],
  ['an offset beyond all numbers', { 'upload-offset': '9'.repeat(400) }, 400],
  ['an offset behind the end', { 'upload-offset': 300_001 }, 409],
  ['a length beyond what one may upload', { 'content-length': 2 ** 40 }, 413],
  ['another type', { 'content-type': 'text/plain' }, 415],
  ['headers of a megabyte', { 'x-noise': 'x'.repeat(1_000_000) }, 431],
  ['two lengths', { 'content-length': '10\r\ncontent-length: 11' }, 400],
])('C15: %s is refused, and nothing is stored', async (_, fields, status) => {
  const { id } = await reserve(api, 'ana', bytes, { type: 'a/b' });
  expect(await raw(await headOf(id, fields), Buffer.alloc(10))).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  expect(await offsetOf(id)).toBe(0);
  await goesOn(id);
});

test('C16: bytes beyond the announced size end the request, and the file is not what was announced', async () => {
  const { id } = await reserve(api, 'ana', bytes.subarray(0, 1_000), { type: 'a/b' });
  const head = await headOf(id, { 'transfer-encoding': 'chunked' });
  const chunked = head.filter((line) => !line.startsWith('content-length'));
  const line = await raw(chunked, Buffer.concat([Buffer.from('493e0\r\n'), bytes, Buffer.from('\r\n0\r\n\r\n')]));
  // As the bytes come without a length, the rest of them is not read: the answer may be lost with the connection.
  expect(line).toMatch(/^(?:HTTP\/1.1 413 .*)?$/);
  expect(await offsetOf(id)).toBeLessThanOrEqual(1_000);
});
