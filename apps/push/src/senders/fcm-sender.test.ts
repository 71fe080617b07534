import { systemClock } from '@chasqui/kit';
import { describe, expect, test } from 'vitest';
import { type FcmMood, fcmError, fcmServer } from '../testing/fcm-server.ts';
import { notificationTo, plenty } from '../testing/notification.ts';
import { FcmSender } from './fcm-sender.ts';

async function fcm() {
  const server = await fcmServer();
  const sender = new FcmSender({ url: server.url, account: server.account, clock: systemClock });
  return { server, sender, send: (fields = {}) => sender.send(notificationTo('device-token', fields), plenty()) };
}

describe('FCM', () => {
  test('C17: a notification is accepted, collapsed by conversation on every platform', async () => {
    const { server, send } = await fcm();
    expect(await send()).toEqual({ type: 'accepted' });
    const { collapseId } = notificationTo('');
    expect(server.messages).toEqual([
      {
        token: 'device-token',
        notification: { title: '安妮 & Co', body: '3 条新消息' },
        data: { conversationId: 'ann~bob', messageId: '019b76da8000000000000001', badge: '7' },
        android: {
          priority: 'HIGH',
          ttl: expect.stringMatching(/^3[56]\d\ds$/),
          collapse_key: collapseId,
          notification: { tag: collapseId, notification_count: 7 },
        },
        apns: { headers: { 'apns-collapse-id': collapseId }, payload: { aps: { badge: 7 } } },
      },
    ]);
    await send({ badge: null });
    expect(server.messages[1]).toMatchObject({ data: { conversationId: 'ann~bob' }, apns: { payload: { aps: {} } } });
  });

  test('one access token serves many; one that is refused is replaced once', async () => {
    const { server, send } = await fcm();
    await Promise.all([send(), send(), send()]);
    expect(server.tokens).toHaveLength(1);
    server.moods.push('wants another token');
    expect(await send()).toEqual({ type: 'accepted' });
    expect(server.tokens).toHaveLength(2);
    server.moods.push('wants another token', 'wants another token');
    expect(await send()).toMatchObject({ type: 'retry', scope: 'provider' });
  });

  test.each<[string, FcmMood, object]>([
    [
      'UNREGISTERED',
      { status: 404, error: fcmError(404, 'NOT_FOUND', 'UNREGISTERED') },
      { type: 'dead', reason: 'UNREGISTERED' },
    ],
    [
      'another project’s token',
      { status: 403, error: fcmError(403, 'PERMISSION_DENIED', 'SENDER_ID_MISMATCH') },
      { type: 'dead', reason: 'SENDER_ID_MISMATCH' },
    ],
    [
      'what is no token',
      {
        status: 400,
        error: {
          ...fcmError(400, 'INVALID_ARGUMENT'),
          details: [{ errorCode: 'INVALID_ARGUMENT' }, { fieldViolations: [{ field: 'message.token' }] }],
        },
      },
      { type: 'dead', reason: 'INVALID_ARGUMENT' },
    ],
    [
      'a bad message',
      { status: 400, error: fcmError(400, 'INVALID_ARGUMENT', 'INVALID_ARGUMENT') },
      { type: 'refused', reason: 'INVALID_ARGUMENT' },
    ],
    [
      'the quota with a time',
      { status: 429, error: fcmError(429, 'RESOURCE_EXHAUSTED', 'QUOTA_EXCEEDED'), retryAfter: '90' },
      { type: 'retry', scope: 'provider', reason: 'QUOTA_EXCEEDED', afterMs: 90_000 },
    ],
    [
      'the quota without one',
      { status: 429, error: fcmError(429, 'RESOURCE_EXHAUSTED', 'QUOTA_EXCEEDED') },
      { type: 'retry', scope: 'provider', reason: 'QUOTA_EXCEEDED', afterMs: 60_000 },
    ],
    [
      'UNAVAILABLE',
      { status: 503, error: fcmError(503, 'UNAVAILABLE', 'UNAVAILABLE'), retryAfter: '5' },
      { type: 'retry', scope: 'provider', reason: 'UNAVAILABLE', afterMs: 5_000 },
    ],
    [
      'INTERNAL',
      { status: 500, error: fcmError(500, 'INTERNAL', 'INTERNAL') },
      { type: 'retry', scope: 'device', reason: 'INTERNAL' },
    ],
    [
      'rights that are missing',
      { status: 403, error: fcmError(403, 'PERMISSION_DENIED') },
      { type: 'retry', scope: 'provider', reason: 'PERMISSION_DENIED' },
    ],
    [
      'a project that is not there',
      { status: 404, error: fcmError(404, 'NOT_FOUND') },
      { type: 'retry', scope: 'provider', reason: 'NOT_FOUND' },
    ],
  ])('C17: %s', async (_, mood, result) => {
    const { server, send } = await fcm();
    server.moods.push(mood);
    expect(await send()).toEqual(result);
    expect(await send()).toEqual({ type: 'accepted' });
  });

  test('C17: no answer, a lost connection and a redirect are not an acceptance', async () => {
    const { server, sender, send } = await fcm();
    await send();
    server.moods.push('silent', 'drops the connection', 'redirects');
    expect(await sender.send(notificationTo('t'), AbortSignal.timeout(200))).toEqual({
      type: 'retry',
      reason: 'timeout',
      scope: 'device',
    });
    expect(await send()).toMatchObject({ type: 'retry', scope: 'provider' });
    expect(await send()).toEqual({ type: 'refused', reason: 'status 302' });
    expect(await send()).toEqual({ type: 'accepted' });
  });

  test('C17: without an access token everybody waits, and the next request asks for one again', async () => {
    const { server, send } = await fcm();
    server.tokenMoods.push(400, 503);
    expect(await send()).toEqual({ type: 'retry', reason: 'token 400', scope: 'provider' });
    expect(await send()).toEqual({ type: 'retry', reason: 'token 503', scope: 'provider' });
    expect(await send()).toEqual({ type: 'accepted' });
    await server.stop();
    expect(await send()).toMatchObject({ type: 'retry', scope: 'provider' });
  });
});
