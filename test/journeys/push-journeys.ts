import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { apnsServer } from '../../apps/push/src/testing/apns-server.ts';
import { fcmServer } from '../../apps/push/src/testing/fcm-server.ts';
import type { TestCluster } from '../cluster/cluster.ts';
import { change, get, openDevice, until } from './devices.ts';

interface Outcome {
  result: string;
  deviceId?: string;
  provider?: string;
  attempts?: number;
}

const APNS_TOKEN = 'ab'.repeat(32);

/** Providers that follow their documentation, and the configuration that points to them. */
async function providers() {
  const folder = await mkdtemp(join(tmpdir(), 'chasqui-providers-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const file = async (name: string, text: string) => {
    const path = join(folder, name);
    await writeFile(path, text, { mode: 0o600 });
    return path;
  };
  const [apns, fcm] = [await apnsServer(), await fcmServer()];
  const env = {
    CHASQUI_PUSH_APNS_KEY_FILE: await file('apns.p8', apns.key),
    CHASQUI_PUSH_APNS_KEY_ID: apns.keyId,
    CHASQUI_PUSH_APNS_TEAM_ID: apns.teamId,
    CHASQUI_PUSH_APNS_TOPIC: 'org.example.chat',
    CHASQUI_PUSH_APNS_URL: apns.url,
    CHASQUI_PUSH_FCM_ACCOUNT_FILE: await file('account.json', JSON.stringify(fcm.account)),
    CHASQUI_PUSH_FCM_URL: fcm.url,
  };
  return { apns, fcm, env };
}

/** A phone and a tablet that are offline, their providers, and the reconnection; with any engines. */
export function pushJourneys(start: (env: { [name: string]: string }) => Promise<TestCluster>): void {
  it('C7, C8, C10, C17: away, message, push, open, sync, confirm, and nothing unread on any device', async () => {
    const { apns, fcm, env } = await providers();
    await using cluster = await start(env);
    const register = async (deviceId: string, body: object) => {
      expect(await change(cluster, 'ben', 'PUT', `/api/devices/${deviceId}/push-token`, body)).toBe(204);
    };
    await register('phone', { provider: 'apns', token: APNS_TOKEN, platform: 'ios' });
    await register('tablet', { provider: 'fcm', token: 'tablet-token', platform: 'android' });
    const settings = { locale: 'zh-CN', notifications: { showText: false } };
    expect(await change(cluster, 'ben', 'PATCH', '/api/users/me', settings)).toBe(200);
    using ann = await openDevice(cluster, { user: 'ann', node: 1 });
    const receipts: string[] = [];
    ann.client.on('receipt', ({ state }) => receipts.push(state));

    const { messageId } = await ann.client.send({ to: 'ben', content: { text: 'are you there?' } }).stored;
    await until(() => receipts.includes('unread'), 'an unread receipt');
    await until(() => apns.requests.length > 0 && fcm.messages.length > 0, 'both providers are asked');
    const [request] = apns.requests;
    expect(request?.payload).toMatchObject({
      aps: { alert: { title: 'ann', body: '新消息' }, badge: 1 },
      chasqui: { conversationId: 'ann~ben', messageId },
    });
    expect(fcm.messages[0]).toMatchObject({ token: 'tablet-token', data: { conversationId: 'ann~ben', badge: '1' } });
    expect(JSON.stringify([request?.payload, fcm.messages])).not.toContain('are you there?');
    const trace = (user: string, id: string) =>
      get<{ status: string; push: Outcome[] }>(cluster, user, `/api/messages/${id}/trace`);
    await until(async () => (await trace('ben', messageId)).push.length === 2, 'an outcome for each device');
    expect(
      (await trace('ben', messageId)).push.toSorted((a, b) => ((a.deviceId ?? '') < (b.deviceId ?? '') ? -1 : 1)),
    ).toMatchObject([
      { result: 'accepted', deviceId: 'phone', provider: 'apns', attempts: 1 },
      { result: 'accepted', deviceId: 'tablet', provider: 'fcm', attempts: 1 },
    ]);

    // The person opens the app by the notification, then the other device, which has the same message.
    const unread = async () => (await get<{ total: number }>(cluster, 'ben', '/api/messages/unread-count')).total;
    expect(await unread()).toBe(1);
    using phone = await openDevice(cluster, { user: 'ben', node: 2, deviceId: 'phone' });
    await until(() => phone.shown.length === 1, 'the phone shows it');
    await until(() => receipts.includes('delivered'), 'confirmed, the sender knows');
    expect((await trace('ann', messageId)).status).toBe('delivered');
    using tablet = await openDevice(cluster, { user: 'ben', node: 1, deviceId: 'tablet' });
    const reads: string[] = [];
    tablet.client.on('read', ({ peer }) => reads.push(peer));
    await until(() => tablet.shown.length === 1, 'so does the tablet');
    expect(await unread()).toBe(1);
    phone.client.markRead('ann');
    await until(
      () => reads.includes('ann') && receipts.includes('read'),
      'the tablet and the sender learn that it was read',
    );
    await until(async () => (await unread()) === 0, 'nothing is unread');
    expect(receipts).toEqual(['unread', 'delivered', 'read']);

    // A user who is online gets no notification from a provider.
    const asked = apns.requests.length + fcm.messages.length;
    await ann.client.send({ to: 'ben', content: { text: 'welcome back' } }).delivered;
    await until(() => phone.shown.length === 2 && tablet.shown.length === 2, 'both show it live');
    expect(apns.requests.length + fcm.messages.length).toBe(asked);
  }, 240_000);

  it('C17: a token that its provider calls dead is removed; the other device is told all the same', async () => {
    const { apns, fcm, env } = await providers();
    await using cluster = await start(env);
    const token = (body: object) => change(cluster, 'ben', 'PUT', '/api/devices/phone/push-token', body);
    await token({ provider: 'apns', token: APNS_TOKEN, platform: 'ios' });
    await change(cluster, 'ben', 'PUT', '/api/devices/tablet/push-token', {
      provider: 'fcm',
      token: 't',
      platform: 'android',
    });
    apns.moods.push({ status: 410, reason: 'Unregistered', timestamp: Date.now() + 60_000 });
    using ann = await openDevice(cluster, { user: 'ann', node: 1 });
    const { messageId } = await ann.client.send({ to: 'ben', content: { text: 'hello' } }).stored;
    const outcomes = async () =>
      (await get<{ push: Outcome[] }>(cluster, 'ben', `/api/messages/${messageId}/trace`)).push;
    await until(async () => (await outcomes()).length === 2, 'an outcome for each device');
    expect(Object.fromEntries((await outcomes()).map(({ deviceId, result }) => [deviceId, result]))).toEqual({
      phone: 'refused',
      tablet: 'accepted',
    });
    expect(fcm.messages).toHaveLength(1);
    const { devices } = await get<{ devices: { deviceId: string; push: string[] }[] }>(cluster, 'ben', '/api/devices');
    expect(JSON.stringify(devices.find(({ deviceId }) => deviceId === 'phone') ?? {})).not.toContain('apns');
  }, 240_000);
}
