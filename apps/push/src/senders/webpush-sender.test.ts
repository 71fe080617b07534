import { systemClock } from '@chasqui/kit';
import { describe, expect, test } from 'vitest';
import { browser } from '../testing/browser.ts';
import { notificationTo, plenty } from '../testing/notification.ts';
import { type PushServiceMood, pushService, vapidKeys } from '../testing/push-service.ts';
import { WebPushSender, type WebPushSenderOptions } from './webpush-sender.ts';

async function webPush(options: Partial<WebPushSenderOptions> = {}) {
  const keys = vapidKeys();
  const service = await pushService(keys);
  const subject = 'mailto:operator@example.org';
  const sender = new WebPushSender({
    ...keys,
    subject,
    hosts: ['127.0.0.1'],
    allowHttp: true,
    allowPrivate: true,
    clock: systemClock,
    ...options,
  });
  const reader = browser(`${service.url}/send/abc`);
  const { subscription } = reader;
  return {
    service,
    sender,
    reader,
    subscription,
    send: (token = JSON.stringify(subscription)) => sender.send(notificationTo(token), plenty()),
  };
}

describe('Web Push', () => {
  test('C17: a notification is accepted, signed for the service and readable by the browser alone', async () => {
    const { service, reader, send } = await webPush();
    expect(await send()).toEqual({ type: 'accepted' });
    const [request] = service.requests;
    if (request === undefined) return expect.fail('nothing arrived');
    const { collapseId, title, body } = notificationTo('');
    expect(request.headers.topic).toBe(collapseId);
    expect(reader.decrypt(request.body)).toEqual({
      title,
      body,
      badge: 7,
      tag: collapseId,
      conversationId: 'ann~bob',
      messageId: '019b76da8000000000000001',
    });
    expect(() => browser('https://x').decrypt(request.body)).toThrow();
  });

  test.each<[PushServiceMood, object]>([
    [{ status: 410 }, { type: 'dead', reason: 'status 410' }],
    [{ status: 404 }, { type: 'dead', reason: 'status 404' }],
    [{ status: 413 }, { type: 'refused', reason: 'status 413' }],
    [{ status: 403 }, { type: 'refused', reason: 'status 403' }],
    [
      { status: 429, retryAfter: '120' },
      { type: 'retry', scope: 'device', reason: 'status 429', afterMs: 120_000 },
    ],
    [{ status: 503 }, { type: 'retry', scope: 'device', reason: 'status 503' }],
    [{ status: 500 }, { type: 'retry', scope: 'device', reason: 'status 500' }],
    [
      { status: 307, location: 'http://127.0.0.1:1/' },
      { type: 'refused', reason: 'status 307' },
    ],
  ])('C17: %j', async (mood, result) => {
    const { service, send } = await webPush();
    service.moods.push(mood);
    expect(await send()).toEqual(result);
    expect(await send()).toEqual({ type: 'accepted' });
  });

  test('C17: Retry-After may be a date', async () => {
    const { service, send } = await webPush();
    service.moods.push({ status: 429, retryAfter: new Date(Date.now() + 60_000).toUTCString() });
    const { afterMs = 0 } = (await send()) as { afterMs?: number };
    expect(afterMs).toBeGreaterThan(50_000);
    expect(afterMs).toBeLessThanOrEqual(60_000);
  });

  test('C17: no answer and a lost connection are retries for this browser alone', async () => {
    const { service, sender, subscription, send } = await webPush();
    service.moods.push('silent', 'drops the connection');
    const impatient = sender.send(notificationTo(JSON.stringify(subscription)), AbortSignal.timeout(200));
    expect(await impatient).toEqual({ type: 'retry', reason: 'timeout', scope: 'device' });
    expect(await send()).toMatchObject({ type: 'retry', scope: 'device' });
    await service.stop();
    expect(await send()).toMatchObject({ type: 'retry', scope: 'device' });
  });

  test('C17: what is no subscription is dead', async () => {
    const { subscription, send } = await webPush();
    const { keys, endpoint } = subscription;
    for (const token of [
      ...['', 'null', '{}', '[]', '"text"', JSON.stringify({ endpoint })],
      JSON.stringify({ endpoint: 'not an address', keys }),
      JSON.stringify({ endpoint, keys: { ...keys, p256dh: 'short' } }),
      JSON.stringify({ endpoint, keys: { p256dh: keys.p256dh } }),
    ]) {
      expect(await send(token), token).toEqual({ type: 'dead', reason: 'bad_subscription' });
    }
  });

  test('C15: an endpoint leads only to the services that are known, and only over TLS', async () => {
    const { service, subscription, send } = await webPush({ hosts: ['*.push.example', 'fcm.googleapis.com'] });
    for (const endpoint of [
      subscription.endpoint,
      'https://169.254.169.254/latest/meta-data',
      'https://localhost:4400/api/users/me',
      'https://push.example.evil.org/x',
      'https://evilpush.example/x',
      'https://fcm.googleapis.com@127.0.0.1/x',
      'file:///etc/passwd',
    ]) {
      expect(await send(JSON.stringify({ ...subscription, endpoint })), endpoint).toMatchObject({ type: 'dead' });
    }
    expect(service.requests).toEqual([]);
    const guarded = await webPush({ allowPrivate: false });
    expect(await guarded.send()).toEqual({ type: 'refused', reason: 'private_address' });
    expect(guarded.service.requests).toEqual([]);
    const strict = await webPush({ allowHttp: false });
    expect(await strict.send()).toMatchObject({ type: 'dead' });
    expect(strict.service.requests).toEqual([]);
  });
});
