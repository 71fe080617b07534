import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { joinEvents } from '@chasqui/core';
import { contentDigests, encodeMessage, HybridClock, PUSH_TOPIC, type PushTask, shardOf } from '@chasqui/domain';
import { openEmbeddedEngines } from '@chasqui/embedded';
import { silentLogger, systemClock, systemRandom } from '@chasqui/kit';
import { expect, onTestFinished, test } from 'vitest';
import { startPush } from './app.ts';
import { readPushConfig } from './config.ts';
import { apnsServer } from './testing/apns-server.ts';
import { browser } from './testing/browser.ts';
import { fcmServer } from './testing/fcm-server.ts';
import { pushService, vapidKeys } from './testing/push-service.ts';
import { smtpServer } from './testing/smtp-server.ts';

const APNS_TOKEN = 'cd'.repeat(32);

async function everyProvider(folder: string) {
  const file = (name: string, text: string) => {
    const path = join(folder, name);
    writeFileSync(path, text, { mode: 0o600 });
    return path;
  };
  const keys = vapidKeys();
  const credentials = { user: 'push', password: 'correct horse' };
  const [apns, fcm, web, mail] = [
    ...([await apnsServer(), await fcmServer(), await pushService(keys), await smtpServer(credentials)] as const),
  ];
  const env = {
    CHASQUI_DATA_DIR: join(folder, 'data'),
    CHASQUI_PUSH_STATUS_PORT: '0',
    CHASQUI_PUSH_APNS_KEY_FILE: file('apns.p8', apns.key),
    CHASQUI_PUSH_APNS_KEY_ID: apns.keyId,
    CHASQUI_PUSH_APNS_TEAM_ID: apns.teamId,
    CHASQUI_PUSH_APNS_TOPIC: 'org.example.chat',
    CHASQUI_PUSH_APNS_URL: apns.url,
    CHASQUI_PUSH_FCM_ACCOUNT_FILE: file('account.json', JSON.stringify(fcm.account)),
    CHASQUI_PUSH_FCM_URL: fcm.url,
    CHASQUI_PUSH_WEBPUSH_KEY_FILE: file('vapid', keys.privateKey),
    CHASQUI_PUSH_WEBPUSH_PUBLIC_KEY: keys.publicKey,
    CHASQUI_PUSH_WEBPUSH_SUBJECT: 'mailto:operator@example.org',
    CHASQUI_PUSH_WEBPUSH_HOSTS: '127.0.0.1',
    CHASQUI_PUSH_WEBPUSH_HTTP: 'on',
    CHASQUI_PUSH_SMTP_URL: mail.url,
    CHASQUI_PUSH_SMTP_USER: credentials.user,
    CHASQUI_PUSH_SMTP_PASSWORD_FILE: file('password', `${credentials.password}\n`),
    CHASQUI_PUSH_EMAIL_FROM: 'push@example.org',
  };
  return { env, apns, fcm, web, mail };
}

test('C17: a message to someone with four devices is told by four providers, and each outcome is recorded', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'chasqui-push-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const { env, apns, fcm, web, mail } = await everyProvider(folder);
  const config = readPushConfig(env);
  const parts = { clock: systemClock, random: systemRandom, logger: silentLogger };
  const engines = await openEmbeddedEngines({ dataDir: config.dataDir, ...parts });
  onTestFinished(() => engines[Symbol.asyncDispose]());
  const push = await startPush({ config, engines, logger: silentLogger });
  onTestFinished(() => push[Symbol.asyncDispose]());

  const reader = browser(`${web.url}/send/1`);
  const devices = [
    ['phone', 'apns', APNS_TOKEN],
    ['tablet', 'fcm', 'fcm-token'],
    ['laptop', 'webpush', JSON.stringify(reader.subscription)],
    ['mail', 'email', 'bob@example.net'],
  ] as const;
  for (const [deviceId, provider, token] of devices) {
    const registration = { provider, token, app: '', language: 'zh-CN', at: systemClock.now() };
    await engines.devices.register({ userId: 'bob', deviceId, platform: 'any' }, registration);
  }
  const messageId = new HybridClock({ now: Date.now, tag: 1 }).next();
  const message = {
    messageId,
    conversationId: 'ann~bob',
    from: 'ann',
    fromDevice: 'web',
    kind: 'c2c' as const,
    clientMessageId: 'k',
    content: { text: 'secret words' },
    sentAt: systemClock.now(),
    audience: ['ann', 'bob'],
  };
  await engines.conversations.record([{ ...message, digests: contentDigests({ ...message, to: 'bob' }) }]);
  await engines.messages.put([{ ...encodeMessage(message), steps: [] }]);
  const task: PushTask = { messageId, conversationId: 'ann~bob', from: 'ann', to: 'bob', at: systemClock.now() };
  const shard = shardOf('bob', engines.bus.shards(PUSH_TOPIC));
  // The first answer is a temporary refusal: the task returns through the bus.
  apns.moods.push({ status: 429, reason: 'TooManyRequests', retryAfter: '1' });
  await engines.bus.publish({ topic: PUSH_TOPIC, shard, body: joinEvents([JSON.stringify(task)]) });

  const recorded = async () => (await engines.pushOutcomes.list([messageId]))[0] ?? [];
  await expect.poll(async () => (await recorded()).length, { timeout: 18_000, interval: 100 }).toBe(4);
  expect((await recorded()).map((one) => [one.deviceId, one.provider, one.result, one.attempts]).sort()).toEqual([
    ['laptop', 'webpush', 'accepted', 1],
    ['mail', 'email', 'accepted', 1],
    ['phone', 'apns', 'accepted', 2],
    ['tablet', 'fcm', 'accepted', 1],
  ]);
  const shown = [
    apns.requests.at(-1)?.payload,
    fcm.messages,
    mail.mails,
    reader.decrypt(web.requests[0]?.body as Buffer),
  ];
  for (const one of shown) expect(JSON.stringify(one)).not.toContain('secret');
  expect(shown[0]).toMatchObject({ aps: { alert: { title: 'ann', body: '新消息' }, badge: 1 } });
  const metrics = await fetch(`http://127.0.0.1:${push.statusPort}/metrics`).then((response) => response.text());
  for (const provider of ['apns', 'fcm', 'webpush', 'email']) {
    expect(metrics).toContain(`chasqui_push_outcomes_total{provider="${provider}",result="accepted",app="push"} 1`);
  }
});
