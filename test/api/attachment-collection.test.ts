import { describe, expect, test } from 'vitest';
import { attach, codeOf, DAY_MS, keysWithBytes, patch, recall, reserve, rounds } from './attach.ts';
import { createTestApi, type TestApi } from './fixture.ts';
import { JPEG, PNG } from './pictures.ts';

const stateOf = async (api: TestApi, as: string, id: string) =>
  (await api.call('GET', `/api/attachments/${id}`, { as })).json().state;

describe('collection', () => {
  test('what is in no message goes after a day, bytes and row; what is in one stays until its last recall', async () => {
    await using api = await createTestApi();
    const open = await reserve(api, 'ana', PNG);
    await patch(api, 'ana', open.id, PNG.subarray(0, 9));
    const [unused, sent] = [await attach(api, 'ana', PNG), await attach(api, 'ana', JPEG)];
    const messages = [
      await api.store('ana', 'bob', 'x', { attachments: [sent] }),
      await api.store('ana', 'cat', 'x', { attachments: [sent] }),
    ];
    expect((await keysWithBytes(api)).sort()).toEqual([unused.id, sent.id].sort());
    await rounds(api, DAY_MS + 1);
    expect(await keysWithBytes(api)).toEqual([sent.id]);
    expect((await api.deps.attachments.page('', 9)).map(({ id }) => id)).toEqual([sent.id]);
    expect(await stateOf(api, 'ana', open.id)).toBeUndefined();
    await recall(api, messages[0] as never);
    await rounds(api, DAY_MS + 1);
    expect(await keysWithBytes(api)).toEqual([sent.id]);
    await recall(api, messages[1] as never);
    await rounds(api, DAY_MS / 2);
    expect(await keysWithBytes(api)).toEqual([sent.id]);
    await rounds(api, DAY_MS);
    expect(await api.deps.attachments.page('', 9)).toEqual([]);
    expect(await api.deps.blobs.get(sent.id)).toBeNull();
  });

  test('what is given up goes within minutes; what a message carries cannot be given up', async () => {
    await using api = await createTestApi();
    const [unused, sent, open] = [
      await attach(api, 'ana', PNG),
      await attach(api, 'ana', PNG),
      await reserve(api, 'ana', PNG),
    ];
    await api.store('ana', 'bob', 'x', { attachments: [sent] });
    const give = (path: string) => api.call('DELETE', `/api/attachments/${path}`, { as: 'ana' });
    expect((await give(unused.id)).statusCode).toBe(204);
    expect((await give(`${open.id}/upload`)).statusCode).toBe(204);
    expect(codeOf(await give(sent.id))).toEqual([409, 'upload_conflict']);
    expect(codeOf(await give(unused.id))).toEqual([404, 'not_found']);
    await rounds(api, 0);
    expect(await keysWithBytes(api)).toEqual([sent.id]);
    expect(await api.deps.attachments.page('', 9)).toHaveLength(1);
  });
});
