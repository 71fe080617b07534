import { createS3Blobs } from '@chasqui/blobs/s3';
import { systemClock, systemRandom } from '@chasqui/kit';
import type { MissingParts } from '@chasqui/ports';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type S3Server, startS3Server } from '../../libs/adapters/blobs/src/testing/s3-server.ts';
import { complete, fileUrl, sha256 } from './attach.ts';
import { createTestApi, type TestApi } from './fixture.ts';
import { JPEG, largePng, PNG } from './pictures.ts';
import { pictureDecoder, setAvatar } from './profile-pictures.ts';

const HOUR_MS = 3600 * 1000;
const MIB = 1024 * 1024;
const codeOf = (answer: { statusCode: number; json(): { error?: { code: string } } }) => [
  answer.statusCode,
  answer.json().error?.code,
];

let store: S3Server;
let api: TestApi;
beforeEach(async () => {
  store = await startS3Server(1_000);
  api = await createTestApi({
    blobs: createS3Blobs({ config: store.config, clock: systemClock, random: systemRandom }),
  });
});
afterEach(async () => {
  await api[Symbol.asyncDispose]();
  await store[Symbol.asyncDispose]();
});

const there = () => [store.bucket.objects.size, store.bucket.uploads.size];
async function announce(bytes: Buffer, fields: object = {}) {
  const payload = { name: 'sea.png', type: 'image/png', size: bytes.length, sha256: sha256(bytes), ...fields };
  return api.call('POST', '/api/attachments', { as: 'ana', payload });
}
async function reserve(bytes: Buffer, fields: object = {}) {
  const answer = await announce(bytes, fields);
  expect(answer.statusCode, answer.payload).toBe(201);
  return answer.json() as { id: string; upload: { partsUrl: string; missing: MissingParts } };
}
async function put(bytes: Buffer, { parts }: Pick<MissingParts, 'parts'>): Promise<number[]> {
  const putting = parts.map(async ({ url, from, size }) => {
    const body = Uint8Array.from(bytes.subarray(from, from + size));
    return (await fetch(url, { method: 'PUT', body })).status;
  });
  return Promise.all(putting);
}
async function attach(bytes: Buffer) {
  const { id, upload } = await reserve(bytes);
  await put(bytes, upload.missing);
  expect((await complete(api, 'ana', id)).json()).toMatchObject({ state: 'ready' });
  return { id, name: 'sea.png', size: bytes.length, type: 'image/png' };
}
const sign = (id: string, as = 'ana') => api.call('POST', `/api/attachments/${id}/parts`, { as });

test('a file goes into the store in signed parts, is checked, sent, and read from the store', async () => {
  const bytes = largePng(9 * MIB);
  const { id, upload } = await reserve(bytes, { name: 'Meer 海 "1".png' });
  expect(upload.partsUrl).toBe(`/api/attachments/${id}/parts`);
  expect(upload.missing.parts.map(({ size }) => size)).toEqual([8 * MIB, bytes.length - 8 * MIB]);
  expect(await put(bytes, { parts: upload.missing.parts.slice(1) })).toEqual([200]);
  expect(codeOf(await complete(api, 'ana', id))).toEqual([409, 'upload_conflict']);
  const rest = (await sign(id)).json();
  expect([rest.sent, rest.parts.length]).toEqual([bytes.length - 8 * MIB, 1]);
  expect(await put(bytes, rest)).toEqual([200]);
  const file = (await complete(api, 'ana', id)).json();
  expect(file).toMatchObject({ id, state: 'ready', name: 'Meer 海 "1".png', size: bytes.length, type: 'image/png' });
  const message = await api.store('ana', 'bob', 'see', { attachments: [file] });
  const answer = await api.call('GET', fileUrl(message, id), { as: 'bob' });
  expect([answer.statusCode, answer.headers['cache-control'], answer.payload]).toEqual([302, 'no-store', '']);
  const read = await fetch(String(answer.headers.location));
  expect(Buffer.from(await read.arrayBuffer()).equals(bytes)).toBe(true);
  expect(Object.fromEntries(read.headers)).toMatchObject({
    'content-type': 'image/png',
    'content-disposition': `inline; filename="Meer _ _1_.png"; filename*=UTF-8''Meer%20%E6%B5%B7%20%221%22.png`,
  });
  expect(codeOf(await api.call('GET', fileUrl(message, id), { as: 'cat' }))).toEqual([403, 'not_a_member']);
});

test('what a browser would run is only saved', async () => {
  const bytes = Buffer.from('<!doctype html><script>1</script>');
  const { id, upload } = await reserve(bytes, { type: 'text/html', name: 'x.html' });
  await put(bytes, upload.missing);
  const file = (await complete(api, 'ana', id)).json();
  const message = await api.store('ana', 'bob', 'x', { attachments: [file] });
  const { location } = (await api.call('GET', fileUrl(message, id), { as: 'bob' })).headers;
  const { headers } = await fetch(String(location));
  expect([headers.get('content-type'), headers.get('content-disposition')?.split(';')[0]]).toEqual([
    'application/octet-stream',
    'attachment',
  ]);
});

test('C15: no bytes come in after the check has begun: neither by old addresses nor by another upload', async () => {
  const { id, upload } = await reserve(PNG);
  expect(await put(PNG, upload.missing)).toEqual([200]);
  const other = Buffer.alloc(PNG.length, 'x');
  // While the check reads the file, its sender asks for more addresses, tries the old ones, and completes again.
  store.troubles.push(...Array.from({ length: 4 }, () => ({})), { delayMs: 200 });
  const checking = complete(api, 'ana', id);
  await expect.poll(() => store.bucket.uploads.size).toBe(0);
  expect(codeOf(await sign(id))).toEqual([409, 'upload_conflict']);
  expect(await put(other, upload.missing)).toEqual([404]);
  const answers = await Promise.all([complete(api, 'ana', id), complete(api, 'ana', id), checking]);
  expect(answers.map((answer) => answer.json().state)).toEqual(['ready', 'ready', 'ready']);
  expect(await put(other, upload.missing)).toEqual([404]);
  expect(codeOf(await sign(id))).toEqual([409, 'upload_conflict']);
  expect(store.bucket.objects.get(`chasqui/${id}`)).toEqual(PNG);
});

test('C15: what is not as announced is refused for the reason, and nothing of it is kept', async () => {
  const { id, upload } = await reserve(PNG, { sha256: sha256(JPEG) });
  await put(PNG, upload.missing);
  expect((await complete(api, 'ana', id)).json()).toMatchObject({ state: 'refused', reason: 'checksum_wrong' });
  expect(there()).toEqual([0, 0]);
  expect((await complete(api, 'ana', id)).json()).toMatchObject({ state: 'refused' });
});

test('C16: an upload that is given up, or never ends, is aborted, and its addresses take nothing more', async () => {
  const [given, kept, sent] = [await reserve(PNG), await reserve(PNG), await attach(PNG)];
  await api.store('ana', 'bob', 'see', { attachments: [sent] });
  await put(PNG, kept.upload.missing);
  expect((await api.call('DELETE', `/api/attachments/${given.id}`, { as: 'ana' })).statusCode).toBe(204);
  await api.clock.advance(61_000);
  await expect.poll(there).toEqual([1, 1]);
  expect(await put(PNG, given.upload.missing)).toEqual([404]);
  await api.clock.advance(25 * HOUR_MS);
  await api.clock.advance(61_000);
  await expect.poll(there).toEqual([1, 0]);
  expect(await put(PNG, kept.upload.missing)).toEqual([404]);
});

test('a store that is away when a file is announced leaves no open upload', async () => {
  store.troubles.push(...Array.from({ length: 30 }, () => ({ status: 500 })));
  for (let n = 0; n < 30; n++) expect(codeOf(await announce(PNG))).toEqual([503, 'store_unavailable']);
  expect((await announce(PNG)).statusCode).toBe(201);
});

test('nobody signs parts of an upload of somebody else; a server that stores files itself signs none', async () => {
  const { id } = await reserve(PNG);
  expect(codeOf(await sign(id, 'bob'))).toEqual([404, 'not_found']);
  const patch = { as: 'ana', headers: { 'upload-offset': '0', 'content-type': 'application/offset+octet-stream' } };
  const answer = await api.call('PATCH', `/api/attachments/${id}/upload`, { ...patch, payload: PNG });
  expect(codeOf(answer)).toEqual([403, 'forbidden']);
  await using folder = await createTestApi();
  const payload = { name: 'a', type: 'a/b', size: 1, sha256: sha256(PNG) };
  const { id: theirs } = (await folder.call('POST', '/api/attachments', { as: 'ana', payload })).json();
  const asked = await folder.call('POST', `/api/attachments/${theirs}/parts`, { as: 'ana' });
  expect(codeOf(asked)).toEqual([403, 'forbidden']);
});

test('pages may talk to the store, and to no other one', async () => {
  const { headers } = await api.app.inject('/healthz');
  expect(headers['content-security-policy']).toContain(`connect-src 'self' ws: wss: ${store.config.endpoint};`);
});

test('a profile picture goes through the store as a file does; it is served from there by the API, and of the upload nothing stays', async () => {
  await using decoder = await pictureDecoder();
  const blobs = createS3Blobs({ config: store.config, clock: systemClock, random: systemRandom });
  await using server = await createTestApi({ blobs, mediaFiles: decoder.mediaFiles });
  const payload = {
    name: 'me.png',
    type: 'image/png',
    size: PNG.length,
    sha256: sha256(PNG),
    purpose: 'profile_picture',
  };
  const { id, upload, pictureUrl } = (await server.call('POST', '/api/attachments', { as: 'ana', payload })).json();
  expect(await put(PNG, upload.missing)).toEqual([200]);
  expect((await complete(server, 'ana', id)).json()).toMatchObject({ state: 'ready', type: 'image/webp' });
  expect([...store.bucket.objects.keys()].map((key) => key.split(id)[1]).sort()).toEqual(['s128', 's512']);
  expect((await setAvatar(server, 'ana', pictureUrl)).statusCode).toBe(200);
  const answer = await server.call('GET', pictureUrl);
  expect([answer.statusCode, answer.headers['content-type']]).toEqual([200, 'image/webp']);
  await setAvatar(server, 'ana', '');
  await server.clock.advance(61_000);
  await expect.poll(there).toEqual([0, 0]);
});
