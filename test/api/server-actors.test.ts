import { expect, test } from 'vitest';
import { makeKey } from './access/api-keys.ts';
import { createTestApi } from './fixture.ts';

async function actors() {
  const api = await createTestApi();
  const key = await makeKey(api);
  const call = async (method: 'GET' | 'POST' | 'PUT' | 'PATCH', path: string, payload?: object, actor?: string) => {
    const headers = { authorization: `Bearer ${key}`, ...(actor && { 'chasqui-actor': actor }) };
    const answer = await api.call(method, `/api/server${path}`, { headers, ...(payload && { payload }) });
    const body = answer.payload === '' ? null : answer.json();
    return { status: answer.statusCode, body, error: body?.error };
  };
  return { api, call };
}

test('C15: as a disabled user nothing is changed; what they see is read as before', async () => {
  const { api, call } = await actors();
  await using _ = api;
  await call('POST', '/groups', { conversationId: 'team', name: 'Team', members: ['bob'] }, 'ann');
  await call('PUT', '/users/ann/disabled');
  const refused = { status: 403, error: { code: 'forbidden', field: 'chasqui-actor' } };
  expect(await call('POST', '/groups', { conversationId: 'other', name: 'Other' }, 'ann')).toMatchObject(refused);
  expect(await call('PATCH', '/groups/team', { name: 'Mine' }, 'ann')).toMatchObject(refused);
  expect(await call('GET', '/groups/team', undefined, 'ann')).toMatchObject({ status: 200, body: { name: 'Team' } });
  expect(await call('PATCH', '/groups/team', { name: 'Ours' })).toMatchObject({ status: 200 });
});

test('the system is added to no group', async () => {
  const { api, call } = await actors();
  await using _ = api;
  const refused = (field: string) => ({ status: 403, error: { code: 'not_allowed', field } });
  const group = { conversationId: 'team', name: 'Team', members: ['bob', 'system'] };
  expect(await call('POST', '/groups', group, 'ann')).toMatchObject(refused('members'));
  await call('POST', '/groups', { ...group, members: [] }, 'ann');
  const add = { users: ['bob', 'system'] };
  expect(await call('POST', '/groups/team/members', add, 'ann')).toMatchObject(refused('users'));
  // Whoever asks names themselves in vain, and so does the system.
  expect(await call('POST', '/groups/team/members', add)).toMatchObject({ status: 200, body: { added: ['bob'] } });
  expect((await call('GET', '/groups/team/members')).body.members).toMatchObject([
    { userId: 'ann' },
    { userId: 'bob' },
  ]);
});

test('to the system, a direct conversation of nobody is not there', async () => {
  const { api, call } = await actors();
  await using _ = api;
  await api.store('ann', 'bob', 'Hello');
  expect(await call('GET', '/conversations/ann~bob/messages')).toMatchObject({ status: 200 });
  const missing = { status: 404, error: { code: 'not_found', field: 'conversationId' } };
  expect(await call('GET', '/conversations/ann~bop/messages')).toMatchObject(missing);
  expect(await call('GET', '/conversations/ann~bop/messages', undefined, 'ann')).toMatchObject({ status: 200 });
});
