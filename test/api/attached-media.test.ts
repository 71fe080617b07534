import { type AttachedMedia, attachmentKeys, thumbnailKey } from '@chasqui/domain';
import { expect, test } from 'vitest';
import { attach, complete, fileUrl, patch, reserve } from './attach.ts';
import { createTestApi, type TestApi } from './fixture.ts';
import { PNG } from './pictures.ts';

const ANNOUNCED = { width: 30, height: 20, durationMs: 1500, waveform: [0, 100, 7], thumbHash: 'AQIDBAUGBw==' };
const OGG = Buffer.from('OggS…');

/** A picture of which the ledger says this. */
async function sentWith(api: TestApi, media: AttachedMedia) {
  const { id } = await reserve(api, 'ana', PNG);
  await patch(api, 'ana', id, PNG);
  await api.deps.blobs.uploads?.finish(id);
  await api.deps.attachments.settle(id, { state: 'ready', type: 'image/png', media }, api.clock.now());
  const file = { id, name: 'sea.png', size: PNG.length, type: 'image/png', media };
  return { id, url: fileUrl(await api.store('ana', 'bob', 'see', { attachments: [file] }), id) };
}

test('what a client announced of a sound comes with it, marked as announced, and not with what is none', async () => {
  await using api = await createTestApi();
  const announced = { ...ANNOUNCED, announced: true };
  expect(await reserve(api, 'ana', OGG, { media: ANNOUNCED })).toMatchObject({ media: announced });
  const sound = await attach(api, 'ana', OGG, { media: ANNOUNCED });
  expect(sound).toMatchObject({ type: 'audio/ogg', media: announced });
  const text = await attach(api, 'ana', Buffer.from('text'), { type: 'text/plain', media: ANNOUNCED });
  expect(text.media).toBeUndefined();
});

test.each([
  ['media.width', { width: 0 }],
  ['media.height', { height: 100_001 }],
  ['media.durationMs', { durationMs: 7 * 24 * 3600 * 1000 + 1 }],
  ['media.waveform', { waveform: Array.from({ length: 65 }, () => 1) }],
  ['media.waveform.0', { waveform: [101] }],
  ['media.thumbHash', { thumbHash: '<svg>' }],
  ['media.thumbnails', { thumbnails: [320] }],
  ['media.omitted', { omitted: 'unavailable' }],
])('C15: what nobody can announce of a picture is refused by its field %s: %j', async (field, media) => {
  await using api = await createTestApi();
  const payload = { name: 'sea.png', type: 'image/png', size: 3, sha256: '0'.repeat(64), media };
  const answer = await api.call('POST', '/api/attachments', { as: 'ana', payload });
  expect([answer.statusCode, answer.json().error]).toMatchObject([400, { code: 'invalid_request', field }]);
});

test('C20: a thumbnail is read as the file is: by those who may see the message, with its size', async () => {
  await using api = await createTestApi();
  const { id, url } = await sentWith(api, { width: 900, height: 600, thumbnails: [320] });
  await api.deps.blobs.put(thumbnailKey(id, 320), Buffer.from('webp'));
  const read = (as: string, size: string, headers = {}) => api.call('GET', `${url}?size=${size}`, { as, headers });
  const found = await read('bob', '320');
  expect([found.statusCode, found.payload]).toEqual([200, 'webp']);
  expect(found.headers).toMatchObject({
    'content-type': 'image/webp',
    'content-security-policy': "default-src 'none'; sandbox",
    'x-content-type-options': 'nosniff',
    'cache-control': 'private, no-cache',
  });
  expect((await read('bob', '320', { 'if-none-match': String(found.headers.etag) })).statusCode).toBe(304);
  expect((await read('cat', '320')).json().error).toMatchObject({ code: 'not_a_member' });
  expect((await read('bob', '1280')).json().error).toMatchObject({ code: 'not_found', field: 'size' });
  expect((await read('bob', '321')).json().error).toMatchObject({ code: 'invalid_request', field: 'size' });
  expect((await api.call('GET', url, { as: 'bob' })).rawPayload.equals(PNG)).toBe(true);
});

test.each([
  ['too_large', 'attachment'],
  ['timed_out', 'attachment'],
  ['unreadable', 'attachment'],
  ['unavailable', 'inline'],
] as const)('C15: a picture of which the server says %s is told to browsers as %s', async (omitted, disposition) => {
  await using api = await createTestApi();
  const { url } = await sentWith(api, { omitted });
  const { headers } = await api.call('GET', url, { as: 'bob' });
  expect(String(headers['content-disposition']).split(';')[0]).toBe(disposition);
});

test('C16: the thumbnails go with their attachment', async () => {
  await using api = await createTestApi();
  const { id } = await reserve(api, 'ana', PNG);
  await patch(api, 'ana', id, PNG);
  await complete(api, 'ana', id);
  for (const key of attachmentKeys(id)) await api.deps.blobs.put(key, PNG);
  expect((await api.call('DELETE', `/api/attachments/${id}`, { as: 'ana' })).statusCode).toBe(204);
  for (let n = 0; n < 2; n++) await api.clock.advance(61_000);
  for (const key of attachmentKeys(id)) expect(await api.deps.blobs.get(key)).toBeNull();
});
