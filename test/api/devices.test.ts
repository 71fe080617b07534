import type { Delivery } from '@chasqui/ports';
import { describe, expect, test } from 'vitest';
import { createTestApi, type TestApi } from './fixture.ts';

const TOKEN = 'ab'.repeat(32);
const subscription = JSON.stringify({
  endpoint: 'https://fcm.googleapis.com/fcm/send/abc',
  expirationTime: null,
  keys: { p256dh: 'B'.repeat(87), auth: 'a'.repeat(22) },
});
const registration = { provider: 'apns', token: TOKEN };

async function devicesOf(api: TestApi, as: string) {
  return (await api.call('GET', '/api/devices', { as })).json().devices;
}

/** Connects the user's device to a node. */
async function connect({ deps, clock }: TestApi, userId: string, deviceId: string) {
  const node = { nodeId: 'n1', wsUrl: '', peerAddress: 'n1', connections: 1, draining: false, startedAt: 1 };
  await deps.nodes.renew(node, 60_000);
  const entry = { userId, deviceId, sessionId: `${userId}-${deviceId}`, nodeId: 'n1', platform: 'web' };
  await deps.presence.register({ ...entry, since: clock.now() });
}

describe('push tokens', () => {
  test('a device says how it is told, changes it, and takes it back; tokens are not shown', async () => {
    await using api = await createTestApi();
    const at = api.clock.now();
    for (const payload of [
      { ...registration, platform: 'ios', language: 'zh-CN', app: 'org.example' },
      { provider: 'fcm', token: 'a:token' },
    ]) {
      const answer = await api.call('PUT', '/api/devices/phone/push-token', { as: 'ana', payload });
      expect([answer.statusCode, answer.payload]).toEqual([204, '']);
    }
    const [device] = await devicesOf(api, 'ana');
    expect(device).toEqual({
      deviceId: 'phone',
      platform: 'ios',
      firstSeenAt: at,
      lastSeenAt: at,
      online: false,
      push: [
        { provider: 'apns', app: 'org.example', language: 'zh-CN', at },
        { provider: 'fcm', app: '', language: '', at },
      ],
    });
    await api.call('DELETE', '/api/devices/phone/push-token?provider=apns', { as: 'ana' });
    expect((await devicesOf(api, 'ana'))[0].push).toMatchObject([{ provider: 'fcm' }]);
    expect((await api.call('DELETE', '/api/devices/phone/push-token', { as: 'ana' })).statusCode).toBe(204);
    expect((await api.call('DELETE', '/api/devices/none/push-token', { as: 'ana' })).statusCode).toBe(204);
    expect((await devicesOf(api, 'ana'))[0].push).toEqual([]);
  });

  test('nobody else’s device is touched, whatever its id', async () => {
    await using api = await createTestApi();
    await api.call('PUT', '/api/devices/phone/push-token', { as: 'ana', payload: registration });
    await api.call('DELETE', '/api/devices/phone/push-token', { as: 'eve' });
    expect((await api.call('DELETE', '/api/devices/phone', { as: 'eve' })).statusCode).toBe(404);
    await api.call('DELETE', '/api/devices', { as: 'eve' });
    expect((await devicesOf(api, 'ana'))[0].push).toHaveLength(1);
    expect(await devicesOf(api, 'bob')).toEqual([]);
  });

  test.each([
    [{ provider: 'pigeon', token: 'x' }, 'provider'],
    [{ provider: 'apns', token: '../../4' }, 'token'],
    [{ provider: 'apns', token: '' }, 'token'],
    [{ provider: 'fcm', token: 'a b' }, 'token'],
    [{ provider: 'fcm', token: 'x'.repeat(4_097) }, 'token'],
    [{ provider: 'webpush', token: '{"endpoint":"https://x"}' }, 'token'],
    [{ provider: 'webpush', token: subscription.replace('https:', 'file:') }, 'token'],
    [{ provider: 'webpush', token: subscription.replace('https:', 'http:') }, 'token'],
    [{ provider: 'webpush', token: subscription.replace('.com/', '.com:22/') }, 'token'],
    [{ provider: 'webpush', token: subscription.replace('https://', 'https://user:password@') }, 'token'],
    [{ provider: 'webpush', token: subscription.replace('/abc', '/abc#x') }, 'token'],
    [{ provider: 'webpush', token: subscription.replace('fcm.googleapis.com', '169.254.169.254') }, 'token'],
    [{ provider: 'webpush', token: subscription.replace('BBB', '') }, 'token'],
    [{ provider: 'fcm', token: 'https://inside.example/?' }, 'token'],
    [{ provider: 'fcm', token: 'a/../b' }, 'token'],
    [{ provider: 'apns', token: `${TOKEN}?x` }, 'token'],
    [{ provider: 'email', token: 'ana@example.org\nBcc: b@example.org' }, 'token'],
    [{ ...registration, language: 'x y' }, 'language'],
    [{ ...registration, app: '../x' }, 'app'],
    [{ ...registration, userId: 'bob' }, 'userId'],
  ])('C15: %j is refused with its field', async (payload, field) => {
    await using api = await createTestApi();
    const answer = await api.call('PUT', '/api/devices/phone/push-token', { as: 'ana', payload });
    // 422: well-formed, but not a token of that provider.
    expect([400, 422]).toContain(answer.statusCode);
    expect(answer.json().error.field).toBe(field);
    expect(await devicesOf(api, 'ana')).toEqual([]);
  });

  test('a subscription of a browser is taken as the browser writes it', async () => {
    await using api = await createTestApi();
    const payload = { provider: 'webpush', token: subscription };
    expect((await api.call('PUT', '/api/devices/web/push-token', { as: 'ana', payload })).statusCode).toBe(204);
  });
});

describe('sessions', () => {
  const ana = { userId: 'ana', password: 'correct horse' };
  const kicks: Delivery[] = [];
  const withPeers = () =>
    createTestApi({
      peers: {
        async deliver(_, deliveries) {
          kicks.push(...deliveries);
          return deliveries.map(() => 1);
        },
        async [Symbol.asyncDispose]() {},
      },
    });
  const me = (api: TestApi, token: string) =>
    api.call('GET', '/api/users/me', { headers: { authorization: `Bearer ${token}` } });

  test('a revoked device is forgotten, its connection closed, and its tokens refused, those of others not', async () => {
    kicks.length = 0;
    await using api = await withPeers();
    await api.call('POST', '/api/auth/register', { payload: ana });
    const logIn = async (deviceId: string) =>
      (await api.call('POST', '/api/auth/login', { payload: { ...ana, deviceId } })).json();
    const [phone, web] = [await logIn('phone'), await logIn('web')];
    await connect(api, 'ana', 'phone');
    await connect(api, 'ana', 'web');
    expect(await devicesOf(api, 'ana')).toMatchObject([{ online: true }, { online: true }]);
    await api.clock.advance(1);
    expect((await api.call('DELETE', '/api/devices/phone', { as: 'ana' })).statusCode).toBe(204);
    expect(kicks).toMatchObject([{ userId: 'ana', onlySession: 'ana-phone', closeCode: 4500 }]);
    expect(JSON.parse(kicks[0]?.frame ?? '')).toEqual({ type: 'kicked', reason: 'logged_out' });
    await api.clock.advance(2_000);
    expect((await me(api, phone.accessToken)).json().error?.code).toBe('token_invalid');
    const refresh = (refreshToken: string) => api.call('POST', '/api/auth/refresh', { payload: { refreshToken } });
    expect((await refresh(phone.refreshToken)).statusCode).toBe(401);
    expect((await me(api, web.accessToken)).statusCode).toBe(200);
    const renewed = (await refresh(web.refreshToken)).json();
    expect((await me(api, renewed.accessToken)).statusCode).toBe(200);
    const again = await logIn('phone');
    expect((await me(api, again.accessToken)).statusCode).toBe(200);
  });

  test('logging out everywhere ends every token of the user and every connection, and nobody else’s', async () => {
    kicks.length = 0;
    await using api = await withPeers();
    const [mine, other] = [await api.tokenOf('ana'), await api.tokenOf('bob')];
    await connect(api, 'ana', 'phone');
    await connect(api, 'bob', 'phone');
    await api.clock.advance(1);
    expect((await api.call('DELETE', '/api/devices', { as: 'ana' })).statusCode).toBe(204);
    expect(kicks.map(({ onlySession }) => onlySession)).toEqual(['ana-phone']);
    await api.clock.advance(2_000);
    expect((await me(api, mine)).statusCode).toBe(401);
    expect((await me(api, other)).statusCode).toBe(200);
    expect((await me(api, await api.tokenOf('ana'))).statusCode).toBe(200);
  });

  test('C11: while the store is away good tokens are good', async () => {
    await using api = await createTestApi((deps) => ({
      revocations: { ...deps.revocations, cutOffs: () => Promise.reject(new Error('away')) },
    }));
    expect((await api.call('GET', '/api/users/me', { as: 'ana' })).statusCode).toBe(200);
  });
});

describe('traces of pushes', () => {
  test('C17: the receiver sees how each device was told, the sender only that it was', async () => {
    await using api = await createTestApi();
    const { messageId } = await api.store('ana', 'bob', 'hello');
    const outcome = { result: 'accepted', reason: 'sent', attempts: 2, provider: 'apns', at: 7 } as const;
    const kept = { ...outcome, subjectId: messageId, userId: 'bob', node: 'push-1' };
    await api.deps.pushOutcomes.record([{ ...kept, deviceId: 'phone' }]);
    const push = async (as: string) => (await api.call('GET', `/api/messages/${messageId}/trace`, { as })).json().push;
    expect(await push('bob')).toEqual([{ ...outcome, deviceId: 'phone' }]);
    expect(await push('ana')).toEqual([{ result: 'accepted', at: 7 }]);
    const none = await api.store('ana', 'bob', 'second');
    await api.deps.pushOutcomes.record([
      { ...kept, subjectId: none.messageId, deviceId: '', provider: null, result: 'not_needed', reason: 'no_device' },
    ]);
    const { push: ended } = (await api.call('GET', `/api/messages/${none.messageId}/trace`, { as: 'bob' })).json();
    expect(ended).toEqual([{ result: 'not_needed', reason: 'no_device', attempts: 2, at: 7 }]);
  });

  test('without the store a trace goes without them', async () => {
    await using api = await createTestApi((deps) => ({
      pushOutcomes: { ...deps.pushOutcomes, list: () => Promise.reject(new Error('away')) },
    }));
    const { messageId } = await api.store('ana', 'bob', 'hello');
    const answer = await api.call('GET', `/api/messages/${messageId}/trace`, { as: 'bob' });
    expect([answer.statusCode, answer.json().push]).toEqual([200, undefined]);
  });
});
