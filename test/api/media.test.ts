import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { attachmentKeys, cleanedKey, ImError } from '@chasqui/domain';
import { silentLogger } from '@chasqui/kit';
import { openMediaFiles } from '@chasqui/media';
import type { FileScanner, ScanVerdict } from '@chasqui/ports';
import { afterAll, expect, test } from 'vitest';
import { attach, complete, fileUrl, patch, reserve, sha256 } from './attach.ts';
import { createTestApi, type TestApi } from './fixture.ts';
import { JPEG, PNG } from './pictures.ts';

const folder = mkdtempSync(join(tmpdir(), 'chasqui-api-media-'));
const mediaFiles = await openMediaFiles({ folder, logger: silentLogger });
afterAll(async () => {
  await mediaFiles[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

/** A JPEG that says where it was taken. */
const GPS = Buffer.from('\xff\xe1\0\x1aExif\0\0MM\0*47.3769 8.5417', 'latin1');
const PHOTO = Buffer.concat([JPEG.subarray(0, 2), GPS, JPEG.subarray(2), Buffer.from('PK\x03\x04 behind it')]);
const scannerOf = (verdict: ScanVerdict | Error): FileScanner => ({
  async scan(pieces) {
    for await (const _ of pieces);
    if (verdict instanceof Error) throw verdict;
    return verdict;
  },
  async ping() {
    if (verdict instanceof Error) throw verdict;
  },
  async [Symbol.asyncDispose]() {},
});
const blobsOf = async (api: TestApi, id: string) => {
  const found = await Promise.all(
    attachmentKeys(id).map(async (key) => ((await api.deps.blobs.get(key)) ? [key] : [])),
  );
  return found.flat();
};

test('a picture comes down without its place, with its own size and digest, and the uploaded bytes are gone', async () => {
  await using api = await createTestApi({ mediaFiles });
  const { id } = await reserve(api, 'ana', PHOTO);
  await patch(api, 'ana', id, PHOTO);
  const file = (await complete(api, 'ana', id)).json();
  expect(file).toMatchObject({
    state: 'ready',
    size: JPEG.length,
    sha256: sha256(JPEG),
    media: { width: 3, height: 2 },
  });
  expect(await blobsOf(api, id)).toEqual([cleanedKey(id)]);
  expect(await api.deps.blobs.uploads?.size(id)).toBe(0);
  const message = await api.store('ana', 'bob', 'see', { attachments: [file] });
  const answer = await api.call('GET', fileUrl(message, id), { as: 'bob' });
  expect(answer.rawPayload.equals(JPEG)).toBe(true);
  expect((await complete(api, 'ana', id)).json()).toMatchObject({ state: 'ready', size: JPEG.length });
});

test('where the setting keeps it, a picture is as it was uploaded', async () => {
  await using api = await createTestApi({ mediaFiles }, { keepsMetadata: true });
  const file = await attach(api, 'ana', PHOTO);
  expect([file.size, await blobsOf(api, file.id)]).toEqual([PHOTO.length, [file.id]]);
});

test('C15: what cannot be cleaned is refused for the reason, and nothing of it is kept', async () => {
  await using api = await createTestApi({ mediaFiles });
  const bytes = Buffer.from('GIF89a/*<svg onload=alert(1)>*/=1;alert(1)');
  const { id } = await reserve(api, 'ana', bytes);
  await patch(api, 'ana', id, bytes);
  expect((await complete(api, 'ana', id)).json()).toMatchObject({ state: 'refused', reason: 'metadata_unremovable' });
  expect(await blobsOf(api, id)).toEqual([]);
});

test.each<[what: string, verdict: ScanVerdict | Error, isScanOptional: boolean, outcome: object]>([
  ['clean', { result: 'clean' }, false, { state: 'ready' }],
  ['infected', { result: 'infected', name: 'Eicar' }, true, { state: 'refused', reason: 'infected' }],
  ['too large, closed', { result: 'too_large' }, false, { state: 'refused', reason: 'not_scanned' }],
  ['too large, open', { result: 'too_large' }, true, { state: 'ready' }],
  ['away, closed', new ImError('engine_unavailable', 'x'), false, { error: { code: 'engine_unavailable' } }],
  ['away, open', new ImError('engine_unavailable', 'x'), true, { state: 'ready' }],
])('C11, C15: of a file that the scanner calls %s', async (_, verdict, isScanOptional, outcome) => {
  await using api = await createTestApi({ mediaFiles, scanner: scannerOf(verdict) }, { isScanOptional });
  for (const bytes of [PNG, Buffer.from('a text')]) {
    const { id } = await reserve(api, 'ana', bytes);
    await patch(api, 'ana', id, bytes);
    expect((await complete(api, 'ana', id)).json()).toMatchObject(outcome);
    // What waits for the scanner is not lost.
    const kept = verdict instanceof Error && !isScanOptional ? bytes.length : undefined;
    if (kept !== undefined) expect(await api.deps.blobs.uploads?.size(id)).toBe(kept);
    const found = (await api.call('GET', `/api/attachments/${id}`, { as: 'ana' })).json().state;
    expect(found).toBe(kept === undefined ? (outcome as { state: string }).state : 'uploading');
    if (found === 'refused') expect(await blobsOf(api, id)).toEqual([]);
  }
});

test('a picture of which the process can make nothing is a file that browsers save', async () => {
  await using api = await createTestApi({ mediaFiles });
  const cut = PNG.subarray(0, 50);
  const file = await attach(api, 'ana', cut);
  expect(file.media).toEqual({ omitted: 'unreadable' });
  const { headers } = await api.call(
    'GET',
    fileUrl(await api.store('ana', 'bob', 'x', { attachments: [file] }), file.id),
    {
      as: 'bob',
    },
  );
  expect(headers['content-disposition']).toContain('attachment');
});
