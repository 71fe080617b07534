import { expect, test } from 'vitest';
import { makeKey } from './access/api-keys.ts';
import { attach, fileUrl } from './attach.ts';
import { createTestApi } from './fixture.ts';
import { PNG } from './pictures.ts';

test('C20: a key with files:read reads files as the system or as a user who may see them, and each call is in the audit log', async () => {
  await using api = await createTestApi();
  const file = await attach(api, 'ana', PNG);
  const message = await api.store('ana', 'bob', 'see', { attachments: [file] });
  const url = fileUrl(message, file.id).replace('/api/', '/api/server/');
  const key = await makeKey(api, { keyId: '0123456789abcdef' });
  const read = async (actor?: string, given = key) => {
    const headers = { authorization: `Bearer ${given}`, ...(actor && { 'chasqui-actor': actor }) };
    return api.call('GET', url, { headers });
  };
  for (const actor of [undefined, 'bob']) {
    const answer = await read(actor);
    expect([answer.statusCode, answer.rawPayload.equals(PNG)]).toEqual([200, true]);
  }
  expect((await read('cat')).json().error.code).toBe('not_a_member');
  const others = await makeKey(api, { scopes: ['messages:read'] });
  expect((await read(undefined, others)).json().error).toMatchObject({ code: 'scope_missing', field: 'files:read' });
  const entries = await api.deps.auditLog.page({ limit: 9 });
  const told = entries.filter(({ action }) => action === 'read_file').map(({ outcome, actor }) => [outcome, actor]);
  const by = 'key:0123456789abcdef';
  expect(told.toSorted()).toEqual([
    ...[1, 2, 3].map(() => ['begun', by]),
    ...[1, 2].map(() => ['done', by]),
    ['failed', by],
  ]);
  expect(entries.find(({ outcome }) => outcome === 'begun')?.detail).toContain(file.id);
});
