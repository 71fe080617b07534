import { ImError, squareKey } from '@chasqui/domain';
import type { FileScanner } from '@chasqui/ports';
import { afterAll, expect, test } from 'vitest';
import { makeKey, withKey } from './access/api-keys.ts';
import { complete, patch, reserve } from './attach.ts';
import { createDyingApi } from './dying-api.ts';
import { createTestApi, type TestApi } from './fixture.ts';
import { PNG } from './pictures.ts';
import { blobsOf, pictureDecoder, rounds, seen, setAvatar, uploadPicture } from './profile-pictures.ts';

const decoder = await pictureDecoder();
const { mediaFiles } = decoder;
afterAll(() => decoder[Symbol.asyncDispose]());
const open = () => createTestApi({ mediaFiles });

test('an erased user has none, once the erasure is done', async () => {
  await using api = await open();
  const { pictureUrl } = await uploadPicture(api, 'ana', PNG);
  await setAvatar(api, 'ana', pictureUrl);
  const key = withKey(await makeKey(api));
  const asked = await api.call('PUT', '/api/server/users/ana/erasure', { ...key, payload: { messages: 'keep' } });
  expect(asked.statusCode, asked.payload).toBe(202);
  await rounds(api);
  expect(await seen(api, pictureUrl)).toBe('not_found');
  await rounds(api);
  expect(await api.deps.attachments.page('', 9)).toEqual([]);
});

test('C15: a key sets what the user has uploaded, and nothing of others', async () => {
  await using api = await open();
  const [own, others] = [await uploadPicture(api, 'ana', PNG), await uploadPicture(api, 'bob', PNG)];
  await setAvatar(api, 'ana', 'https://example.org/ana.png');
  const key = withKey(await makeKey(api));
  const set = (avatar: string) => api.call('PATCH', '/api/server/users/ana', { ...key, payload: { avatar } });
  expect((await set(others.pictureUrl)).json().error).toMatchObject({ code: 'attachment_invalid', field: 'avatar' });
  expect((await set(own.pictureUrl)).statusCode).toBe(200);
  expect([await seen(api, own.pictureUrl), await seen(api, others.pictureUrl)]).toEqual([200, 'not_found']);
});

test('C11, C15: what a scanner calls infected is refused before anybody can see it; without its answer it waits', async () => {
  for (const [verdict, expected] of [
    [
      { result: 'infected', name: 'Eicar' },
      { state: 'refused', reason: 'infected' },
    ],
    [null, { error: { code: 'engine_unavailable' } }],
  ] as const) {
    const scanner: FileScanner = {
      async scan() {
        if (verdict === null) throw new ImError('engine_unavailable', 'away');
        return verdict;
      },
      async ping() {},
      async [Symbol.asyncDispose]() {},
    };
    await using api = await createTestApi({ mediaFiles, scanner });
    const { id, pictureUrl } = await reserve(api, 'ana', PNG, { purpose: 'profile_picture' });
    await patch(api, 'ana', id, PNG);
    expect((await complete(api, 'ana', id)).json()).toMatchObject(expected);
    expect(await blobsOf(api, id)).toEqual([]);
    expect((await setAvatar(api, 'ana', String(pictureUrl))).statusCode).toBe(422);
  }
});

test('C2: whenever the process is killed on the way of a picture, repeating it sets it, and nothing is left over', {
  timeout: 90_000,
}, async () => {
  await using api = await open();
  for (let calls = 0, isDone = false; !isDone; calls++) {
    const dying = await createDyingApi(api, calls);
    const call: TestApi['call'] = async (method, url, { as = '', headers, ...more } = {}) => {
      const authorization = `Bearer ${await api.tokenOf(as)}`;
      return dying.call(method, url, { ...more, headers: { authorization, ...headers } });
    };
    isDone = await uploadPicture({ call }, 'ana', PNG)
      .then(async ({ pictureUrl }) => (await setAvatar({ call }, 'ana', pictureUrl)).statusCode === 200)
      .catch(() => false);
    await dying[Symbol.asyncDispose]();
    const [row] = await api.deps.attachments.page('', 9);
    if (row !== undefined) {
      const there = (await api.deps.blobs.uploads?.size(row.id)) ?? 0;
      if (row.state === 'uploading' && there < PNG.length) await patch(api, 'ana', row.id, PNG.subarray(there), there);
      const file = (await complete(api, 'ana', row.id)).json();
      expect(file.state).toBe('ready');
      expect((await setAvatar(api, 'ana', file.pictureUrl)).statusCode).toBe(200);
      expect(await seen(api, file.pictureUrl)).toBe(200);
      expect((await blobsOf(api, row.id)).sort()).toEqual([squareKey(row.id, 128), squareKey(row.id, 512)]);
      await setAvatar(api, 'ana', '');
    }
    expect(calls).toBeLessThan(40);
    await rounds(api);
    expect(await api.deps.attachments.page('', 9)).toEqual([]);
  }
});
