import { decodeEvents } from '@chasqui/core';
import { SERVER_EVENT_TOPIC, type ServerEvent } from '@chasqui/domain';
import { expect, test } from 'vitest';
import { makeKey, withKey } from './access/api-keys.ts';
import { createTestApi } from './fixture.ts';

const ENDPOINT = {
  ...{ endpointId: 'we_0123456789abcdef', url: 'https://shop.example', types: ['user.changed' as const], secrets: [] },
  ...{ description: '', createdAt: 0, disabled: null, version: 1 },
};

test('the host application is told of users who are created, changed, disabled and enabled', async () => {
  await using api = await createTestApi({}, { admins: ['root'] });
  await api.deps.webhooks.put(ENDPOINT);
  const told: ServerEvent<'user.changed'>[] = [];
  await using _ = api.deps.bus.consume({
    topic: SERVER_EVENT_TOPIC,
    group: 'test',
    handle: async (batch) => {
      told.push(...batch.flatMap(({ body }) => decodeEvents(body) as ServerEvent<'user.changed'>[]));
    },
  });
  const { headers } = withKey(await makeKey(api));
  const call = (method: 'POST' | 'PATCH' | 'PUT' | 'DELETE', url: string, payload?: object) =>
    api.call(method, url, { headers, ...(payload && { payload }) });
  await call('POST', '/api/server/users', { userId: 'ann', displayName: 'Ann' });
  await call('POST', '/api/auth/register', { userId: 'bob', password: 'long enough' });
  await call('PATCH', '/api/server/users/ann', { bot: true });
  // Nothing that others see.
  await api.call('PATCH', '/api/users/me', { as: 'ann', payload: { privacy: { presence: 'nobody' } } });
  await api.call('PATCH', '/api/users/me', { as: 'ann', payload: { locale: 'zh' } });
  await call('PUT', '/api/server/users/ann/disabled');
  await call('DELETE', '/api/server/users/ann/disabled');
  await call('DELETE', '/api/server/users/ann/disabled');
  await api.call('PUT', '/api/admin/users/bob/disabled', { as: 'root' });
  await api.call('DELETE', '/api/admin/users/bob/disabled', { as: 'root' });
  await expect.poll(() => told.length).toBeGreaterThanOrEqual(8);
  const at = api.clock.now();
  const of = (userId: string) => told.filter(({ key }) => key === userId).map(({ id, data }) => [id, data.change]);
  expect(of('ann')).toEqual([
    ...[
      ['user-ann-1', 'created'],
      ['user-ann-2', 'profile'],
      ['user-ann-4', 'profile'],
    ],
    ...[
      [`user-ann-disabled-${at}`, 'disabled'],
      [`user-ann-enabled-${at}`, 'enabled'],
    ],
  ]);
  expect(of('bob').map(([, change]) => change)).toEqual(['created', 'disabled', 'enabled']);
  const [, , last] = told.filter(({ key }) => key === 'ann');
  expect(last?.data.profile).toEqual({ displayName: 'Ann', avatar: '', locale: 'zh', bot: true });
});
