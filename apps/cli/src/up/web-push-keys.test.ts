import { createECDH } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { withWebPushKeys } from './web-push-keys.ts';

async function folder(): Promise<string> {
  const dataDir = await mkdtemp(join(tmpdir(), 'chasqui-webpush-'));
  onTestFinished(() => rm(dataDir, { recursive: true }));
  return dataDir;
}

test('keys are made once, for the owner of the data folder alone, and are a pair', async () => {
  const dataDir = await folder();
  const env = await withWebPushKeys({}, dataDir);
  const keyFile = env.CHASQUI_PUSH_WEBPUSH_KEY_FILE ?? '';
  expect((await stat(keyFile)).mode & 0o777).toBe(0o600);
  const pair = createECDH('prime256v1');
  pair.setPrivateKey((await readFile(keyFile, 'utf8')).trim(), 'base64url');
  expect(pair.getPublicKey('base64url')).toBe(env.CHASQUI_PUSH_WEBPUSH_PUBLIC_KEY);
  expect(await withWebPushKeys({}, dataDir)).toEqual(env);
});

test('keys and an address that the operator set are kept; a damaged key is named', async () => {
  const dataDir = await folder();
  const own = { CHASQUI_PUSH_WEBPUSH_KEY_FILE: '/etc/vapid', CHASQUI_PUSH_WEBPUSH_PUBLIC_KEY: 'B' };
  expect(await withWebPushKeys(own, dataDir)).toBe(own);
  const subject = { CHASQUI_PUSH_WEBPUSH_SUBJECT: 'mailto:me@chat.example' };
  expect(await withWebPushKeys(subject, dataDir)).toMatchObject(subject);
  await writeFile(join(dataDir, 'webpush.key'), 'x');
  await expect(withWebPushKeys({}, dataDir)).rejects.toMatchObject({ code: 'config_invalid' });
});
