import { createMemoryBlobs } from '@chasqui/memory';
import { expect, test } from 'vitest';
import { attach, fileUrl } from './attach.ts';
import { createTestApi } from './fixture.ts';
import { post, upload } from './moments-people.ts';
import { largePng, PNG } from './pictures.ts';

/** An API, and how many bytes of blobs it has read. */
async function start() {
  const read = { bytes: 0 };
  const blobs = createMemoryBlobs();
  const api = await createTestApi({
    blobs: {
      ...blobs,
      async get(key, range) {
        const pieces = await blobs.get(key, range);
        if (pieces === null) return null;
        return (async function* () {
          for await (const piece of pieces) {
            read.bytes += piece.length;
            yield piece;
          }
        })();
      },
    },
  });
  return Object.assign(api, { read });
}

test('C16: who asks for the headers of a file alone has it not read', async () => {
  await using api = await start();
  const file = await attach(api, 'ana', largePng(500_000));
  const message = await api.store('ana', 'bob', 'see', { attachments: [file] });
  api.read.bytes = 0;
  const answer = await api.call('HEAD', fileUrl(message, file.id), { as: 'bob' });
  expect([answer.statusCode, answer.headers['content-length'], answer.payload]).toEqual([200, String(file.size), '']);
  const range = { range: 'bytes=100000-399999' };
  const part = await api.call('HEAD', fileUrl(message, file.id), { as: 'bob', headers: range });
  expect([part.statusCode, part.headers['content-length']]).toEqual([206, '300000']);
  expect(api.read.bytes).toBeLessThan(10);
});

test('C16: the same of a picture', async () => {
  await using api = await start();
  const { pictureId } = (await upload(api, 'ana', PNG)).json();
  const { momentId } = await post(api, 'ana', { pictures: [pictureId] });
  const answer = await api.call('HEAD', `/api/moments/${momentId}/pictures/${pictureId}`, { as: 'ana' });
  expect([answer.statusCode, answer.headers['content-length']]).toEqual([200, String(PNG.length)]);
  expect(api.read.bytes).toBeLessThan(10);
});
