import type { Clock } from '@chasqui/domain';
import { systemClock } from '@chasqui/kit';
import { decodeJwt } from 'jose';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type ApnsMood, apnsServer } from '../testing/apns-server.ts';
import { notificationTo, plenty } from '../testing/notification.ts';
import { ApnsSender } from './apns-sender.ts';

const TOKEN = 'ab'.repeat(32);

async function apns(clock: Clock = systemClock) {
  const server = await apnsServer();
  const sender = new ApnsSender({ ...server, topic: 'org.example.chat', clock });
  onTestFinished(() => sender[Symbol.asyncDispose]());
  return { server, sender, send: (token = TOKEN, fields = {}) => sender.send(notificationTo(token, fields), plenty()) };
}

/** The machine's clock plus an offset that the test sets. */
function movedClock() {
  let moved = 0;
  const clock: Clock = {
    ...systemClock,
    now: () => systemClock.now() + moved,
    monotonic: () => systemClock.monotonic() + moved,
  };
  return {
    clock,
    move(ms: number) {
      moved += ms;
    },
  };
}

describe('APNs', () => {
  test('C17: a notification is accepted, with what APNs wants to know in the headers', async () => {
    const { server, send } = await apns();
    expect(await send()).toEqual({ type: 'accepted' });
    const [request] = server.requests;
    if (request === undefined) return expect.fail('nothing arrived');
    const { headers, payload } = request;
    const { collapseId } = notificationTo(TOKEN);
    expect(payload).toEqual({
      aps: { alert: { title: '安妮 & Co', body: '3 条新消息' }, sound: 'default', badge: 7, 'thread-id': collapseId },
      chasqui: { conversationId: 'ann~bob', messageId: '019b76da8000000000000001' },
    });
    expect(headers).toMatchObject({
      'apns-topic': 'org.example.chat',
      'apns-push-type': 'alert',
      'apns-priority': '10',
      'apns-collapse-id': collapseId,
    });
    expect(Number(headers['apns-expiration'])).toBeGreaterThan(Date.now() / 1_000);
    await send(TOKEN, { badge: null, registration: { ...notificationTo(TOKEN).registration, app: 'org.other' } });
    expect(server.requests[1]?.payload.aps).not.toHaveProperty('badge');
    expect(server.requests[1]?.headers).toMatchObject({ 'apns-topic': 'org.other', 'apns-id': headers['apns-id'] });
  });

  test('many go over one connection, side by side', async () => {
    const { server, send } = await apns();
    const results = await Promise.all(Array.from({ length: 50 }, () => send()));
    expect(results).toEqual(Array(50).fill({ type: 'accepted' }));
    expect(new Set(server.requests.map(({ connection }) => connection))).toEqual(new Set([1]));
  });

  test.each<[ApnsMood, object]>([
    [
      { status: 410, reason: 'Unregistered', timestamp: 1_700 },
      { type: 'dead', reason: 'Unregistered', since: 1_700 },
    ],
    [
      { status: 410, reason: 'ExpiredToken' },
      { type: 'dead', reason: 'ExpiredToken' },
    ],
    [
      { status: 400, reason: 'DeviceTokenNotForTopic' },
      { type: 'dead', reason: 'DeviceTokenNotForTopic' },
    ],
    [
      { status: 400, reason: 'BadTopic' },
      { type: 'refused', reason: 'BadTopic' },
    ],
    [
      { status: 413, reason: 'PayloadTooLarge' },
      { type: 'refused', reason: 'PayloadTooLarge' },
    ],
    [
      { status: 429, reason: 'TooManyRequests' },
      { type: 'retry', scope: 'device', reason: 'TooManyRequests' },
    ],
    [
      { status: 429, reason: 'TooManyProviderTokenUpdates' },
      { type: 'retry', scope: 'provider', reason: 'TooManyProviderTokenUpdates' },
    ],
    [
      { status: 500, reason: 'InternalServerError' },
      { type: 'retry', scope: 'device', reason: 'InternalServerError' },
    ],
    [
      { status: 503, reason: 'ServiceUnavailable', retryAfter: '30' },
      { type: 'retry', scope: 'provider', reason: 'ServiceUnavailable', afterMs: 30_000 },
    ],
    [
      { status: 503, reason: 'Shutdown' },
      { type: 'retry', scope: 'provider', reason: 'Shutdown' },
    ],
    [
      { status: 403, reason: 'InvalidProviderToken' },
      { type: 'retry', scope: 'provider', reason: 'InvalidProviderToken' },
    ],
    [
      { status: 502, reason: '' },
      { type: 'retry', scope: 'provider', reason: 'status 502' },
    ],
  ])('C17: %j', async (mood, result) => {
    const { server, send } = await apns();
    server.moods.push(mood);
    expect(await send()).toEqual(result);
    expect(await send()).toEqual({ type: 'accepted' });
  });

  test('C17: what is no device token is dead, whatever it contains', async () => {
    const { send } = await apns();
    for (const token of ['', 'short', '../../4/admin?x=1', `${TOKEN} \r\nx: y`, '令牌']) {
      expect(await send(token)).toEqual({ type: 'dead', reason: 'BadDeviceToken' });
    }
  });

  test('a provider’s token is used for less than an hour, and then a new one', async () => {
    const { clock, move } = movedClock();
    const { server, send } = await apns(clock);
    await send();
    move(49 * 60_000);
    await send();
    move(2 * 60_000);
    await send();
    const issued = server.requests.map(({ headers }) => decodeJwt(String(headers.authorization).slice(7)).iat ?? 0);
    expect(issued[1]).toBe(issued[0]);
    expect((issued[2] ?? 0) - (issued[0] ?? 0)).toBeGreaterThanOrEqual(51 * 60);
  });

  test('a token that APNs calls expired is replaced at once, and the notification sent again', async () => {
    const { server, send } = await apns();
    server.moods.push({ status: 403, reason: 'ExpiredProviderToken' });
    expect(await send()).toEqual({ type: 'accepted' });
    expect(server.requests).toHaveLength(2);
  });

  test('C17: an answer that does not come is a retry, and the next request has a connection of its own', async () => {
    const { server, sender, send } = await apns();
    server.moods.push('silent');
    expect(await sender.send(notificationTo(TOKEN), AbortSignal.timeout(200))).toEqual({
      type: 'retry',
      reason: 'timeout',
      scope: 'device',
    });
    expect(await send()).toEqual({ type: 'accepted' });
    expect(server.requests.map(({ connection }) => connection)).toEqual([1, 2]);
  });

  test.each(['drops the connection', 'resets the stream'] as const)(
    'C17: a server that %s in the middle is a retry, and is reached again',
    async (mood) => {
      const { server, send } = await apns();
      server.moods.push(mood);
      expect(await send()).toMatchObject({ type: 'retry' });
      expect(await send()).toEqual({ type: 'accepted' });
    },
  );

  test('GOAWAY: what was asked is answered, what comes next goes over a new connection', async () => {
    const { server, send } = await apns();
    server.moods.push('says GOAWAY and answers');
    expect(await send()).toEqual({ type: 'accepted' });
    expect(await send()).toEqual({ type: 'accepted' });
    expect(server.requests.map(({ connection }) => connection)).toEqual([1, 2]);
  });

  test('C17: a server that is away is a retry for everybody; back again it is used without help', async () => {
    const { server, send } = await apns();
    await send();
    await server.stop();
    expect(await send()).toMatchObject({ type: 'retry', scope: 'provider' });
    await server.restart();
    expect(await send()).toEqual({ type: 'accepted' });
  });
});
