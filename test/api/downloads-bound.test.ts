import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { expect, test } from 'vitest';
import { attach, fileUrl } from './attach.ts';
import { createTestApi } from './fixture.ts';

/** More than sockets hold between server and reader. */
const bytes = Buffer.alloc(24 * 1024 * 1024, 'a');

test('C16: who reads nothing of many downloads has a bounded number of them, and others read on', async () => {
  await using api = await createTestApi({}, { maxDownloadsPerUser: 2 });
  const port = Number(new URL(await api.app.listen({ host: '127.0.0.1', port: 0 })).port);
  const file = await attach(api, 'ana', bytes, { type: 'text/plain' });
  const url = fileUrl(await api.store('ana', 'bob', 'x', { attachments: [file] }), file.id);
  const stuck: Socket[] = [];
  for (const _ of [1, 2]) {
    const socket = connect(port, '127.0.0.1');
    stuck.push(socket);
    socket.write(`GET ${url} HTTP/1.1\r\nhost: h\r\nauthorization: Bearer ${await api.tokenOf('bob')}\r\n\r\n`);
    expect(String((await once(socket, 'data'))[0])).toMatch(/^HTTP\/1.1 200 /);
    socket.pause();
  }
  const range = { range: 'bytes=0-9' };
  const read = (as: string) => api.call('GET', url, { as, headers: range });
  const refused = await read('bob');
  expect([refused.statusCode, refused.json().error]).toMatchObject([429, { code: 'too_fast', retryAfterMs: 1_000 }]);
  expect((await read('ana')).statusCode).toBe(206);
  stuck[0]?.destroy();
  await expect.poll(async () => (await read('bob')).statusCode).toBe(206);
  for (let n = 0; n < 5; n++) expect((await read('bob')).statusCode).toBe(206);
  stuck[1]?.destroy();
});
