import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { groups } from '../groups/groups-entry.ts';
import { createClient } from '../index.ts';
import { states } from '../states/states-entry.ts';

test('a token function is asked once more when its token has expired; a fixed token is not tried again', async () => {
  const asked: string[] = [];
  const api = createServer((request, response) => {
    asked.push(String(request.headers.authorization));
    const isFresh = request.headers.authorization === 'Bearer jwt2';
    response.statusCode = isFresh ? 200 : 401;
    response.end(JSON.stringify(isFresh ? { members: [] } : { error: { code: 'token_expired', message: 'expired' } }));
  }).listen(0, '127.0.0.1');
  await once(api, 'listening');
  const nodesUrl = `http://127.0.0.1:${(api.address() as AddressInfo).port}/api/nodes`;
  try {
    let n = 0;
    const renewing = createClient({
      groups: groups(),
      states: states(),
      nodesUrl,
      deviceId: 'phone',
      token: () => `jwt${++n}`,
    });
    await expect(renewing.members('team')).resolves.toEqual({ members: [] });
    n = 5;
    await expect(renewing.members('team')).rejects.toMatchObject({ code: 'token_expired' });
    const fixed = createClient({ groups: groups(), states: states(), nodesUrl, deviceId: 'phone', token: 'old' });
    await expect(fixed.members('team')).rejects.toMatchObject({ code: 'token_expired' });
    expect(asked).toEqual(['jwt1', 'jwt2', 'jwt6', 'jwt7', 'old'].map((token) => `Bearer ${token}`));
  } finally {
    api.close();
  }
});

test('members and states go to the API beside `nodesUrl`, with the token; its errors are the caller’s', async () => {
  const asked: string[] = [];
  const api = createServer((request, response) => {
    asked.push(`${request.method} ${request.url} ${request.headers.authorization}`);
    const isKnown = request.url?.startsWith('/api/groups/team/');
    const error = { code: 'not_a_member', message: 'no', field: 'conversationId' };
    response.statusCode = isKnown ? 200 : 403;
    response.end(JSON.stringify(isKnown ? { members: [{ userId: 'amy', role: 'owner', joinedAt: 1 }] } : { error }));
  }).listen(0, '127.0.0.1');
  await once(api, 'listening');
  const nodesUrl = `http://127.0.0.1:${(api.address() as AddressInfo).port}/api/nodes`;
  const client = createClient({
    groups: groups(),
    states: states(),
    nodesUrl,
    deviceId: 'phone',
    token: async () => 'jwt',
  });
  try {
    await expect(client.members('team', { role: 'owner', limit: 5 })).resolves.toMatchObject({
      members: [{ userId: 'amy' }],
    });
    const refusal = { code: 'not_a_member', details: { field: 'conversationId' } };
    await expect(client.members('crew')).rejects.toMatchObject(refusal);
    await expect(client.setState({ conversationId: 'crew' }, { draft: 'x' })).rejects.toMatchObject(refusal);
    expect(asked).toEqual([
      'GET /api/groups/team/members?role=owner&limit=5 Bearer jwt',
      'GET /api/groups/crew/members? Bearer jwt',
      'PATCH /api/conversations/crew/state Bearer jwt',
    ]);
  } finally {
    api.close();
  }
});
