import { createECDH } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@chasqui/kit';
import { afterAll, expect, test } from 'vitest';
import { readPushConfig } from './config.ts';
import { openSenders } from './open-senders.ts';
import { vapidKeys } from './testing/push-service.ts';

const folder = mkdtempSync(join(tmpdir(), 'chasqui-push-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

test('without configuration there is no provider', async () => {
  const config = readPushConfig({});
  expect(config).toMatchObject({ statusPort: 4603, providers: {}, order: ['apns', 'fcm', 'webpush', 'email'] });
  expect(await openSenders(config.providers, systemClock)).toEqual({});
});

test('a provider that is half configured is refused with all that it lacks', () => {
  const read = () =>
    readPushConfig({
      CHASQUI_PUSH_APNS_KEY_FILE: 'x.p8',
      CHASQUI_PUSH_WEBPUSH_KEY_FILE: 'vapid',
      CHASQUI_PUSH_SMTP_URL: 'smtp://mail.example.org:587',
      CHASQUI_PUSH_SMTP_USER: 'push',
      CHASQUI_PUSH_ORDER: 'apns,pigeon',
      CHASQUI_PUSH_TEXT: 'sometimes',
    });
  for (const name of [
    ...['APNS_KEY_ID', 'APNS_TEAM_ID', 'APNS_TOPIC', 'WEBPUSH_PUBLIC_KEY', 'WEBPUSH_SUBJECT', 'EMAIL_FROM'],
    ...['SMTP_PASSWORD_FILE', 'ORDER must name', 'TEXT must be'],
  ]) {
    expect(read).toThrow(`CHASQUI_PUSH_${name}`);
  }
});

const { publicKey, privateKey } = vapidKeys();
const webpush = { publicKey, subject: 'mailto:a@example.org', hosts: [], allowHttp: false, allowPrivate: false };
const apns = { keyId: 'k', teamId: 't', topic: 'x', url: 'https://api.push.apple.com' };
const fcm = { url: 'https://fcm.googleapis.com' };

test.each([
  ['a file that is not there', { apns: { ...apns, keyFile: join(folder, 'none.p8') } }, /none\.p8 cannot be read/],
  ['what is no key', { apns: { ...apns, keyFile: file('bad.p8', 'hello') } }, /bad\.p8 is not a private key for ES256/],
  [
    'what is no account',
    { fcm: { ...fcm, accountFile: file('bad.json', '{}') } },
    /bad\.json is not a service account/,
  ],
  [
    'another pair’s key',
    { webpush: { ...webpush, keyFile: file('other.vapid', vapidKeys().privateKey) } },
    /other\.vapid is not the VAPID private key/,
  ],
  ['what is no address', { email: { url: 'mail server', from: 'a@example.org' } }, /CHASQUI_PUSH_SMTP_URL/],
])('%s is refused at the start, and no secret is repeated', async (_, config, message) => {
  const opening = openSenders(config, systemClock);
  await expect(opening).rejects.toMatchObject({ code: 'config_invalid', message: expect.stringMatching(message) });
});

test('good keys open', async () => {
  const keyFile = file('good.vapid', `${privateKey}\n`);
  expect(Object.keys(await openSenders({ webpush: { ...webpush, keyFile } }, systemClock))).toEqual(['webpush']);
});

test('a key whose file lacks the zero at its start opens, as earlier versions wrote it', async () => {
  const pair = createECDH('prime256v1');
  pair.setPrivateKey(Buffer.alloc(31, 7));
  const keyFile = file('short.vapid', `${pair.getPrivateKey('base64url')}\n`);
  const own = { ...webpush, publicKey: pair.getPublicKey('base64url'), keyFile };
  expect(Object.keys(await openSenders({ webpush: own }, systemClock))).toEqual(['webpush']);
});
