import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { createClient } from './index.ts';

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
  const client = createClient({ nodesUrl, deviceId: 'phone', token: async () => 'jwt' });
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
