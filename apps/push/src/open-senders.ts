import { createECDH } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { type Clock, ImError, type PushProvider } from '@chasqui/domain';
import { vapidKeyText } from '@chasqui/kit';
import { importPKCS8 } from 'jose';
import webPush from 'web-push';
import type { ProviderConfigs } from './provider-config.ts';
import type { PushSender } from './push-sender.ts';
import { ApnsSender } from './senders/apns-sender.ts';
import { EmailSender } from './senders/email-sender.ts';
import { FcmSender } from './senders/fcm-sender.ts';
import type { ServiceAccount } from './senders/google-token.ts';
import { WebPushSender } from './senders/webpush-sender.ts';
import { DEFAULT_PUSH_SETTINGS } from './settings.ts';

export type Senders = { [P in PushProvider]?: PushSender };

/** Connections to the mail server: e-mail is slow, and most servers allow few. */
const MAIL_CONNECTIONS = 3;

/**
 * Creates the senders of the configured providers. No request is made, as a provider may be away for a while; but an
 * invalid key is detected. Errors: `config_invalid`, which names the file or the setting.
 */
export async function openSenders(config: ProviderConfigs, clock: Clock): Promise<Senders> {
  const senders: Senders = {};
  const { apns, fcm, webpush, email } = config;
  if (apns !== undefined) {
    const key = await readKey(apns.keyFile);
    await mustBe(apns.keyFile, 'a private key for ES256 (the .p8 file of an APNs key)', () =>
      importPKCS8(key, 'ES256'),
    );
    senders.apns = new ApnsSender({ ...apns, key, clock });
  }
  if (fcm !== undefined) senders.fcm = new FcmSender({ ...fcm, account: await readAccount(fcm.accountFile), clock });
  if (webpush !== undefined) {
    // Versions before 2026-11-29 wrote one key in 256 without the zero at its start.
    const privateKey = vapidKeyText(Buffer.from(await readKey(webpush.keyFile), 'base64url'));
    const { subject, publicKey, keyFile } = webpush;
    await mustBe(keyFile, 'the VAPID private key (base64url) of CHASQUI_PUSH_WEBPUSH_PUBLIC_KEY', async () => {
      const pair = createECDH('prime256v1');
      pair.setPrivateKey(privateKey, 'base64url');
      if (pair.getPublicKey('base64url') !== publicKey) throw new Error('the two keys are not a pair');
      webPush.getVapidHeaders('https://push.example', subject, publicKey, privateKey, 'aes128gcm');
    });
    senders.webpush = new WebPushSender({ ...webpush, privateKey, clock });
  }
  if (email !== undefined) {
    if (!URL.canParse(email.url))
      throw new ImError('config_invalid', 'CHASQUI_PUSH_SMTP_URL is not smtp(s)://host:port');
    const { passwordFile } = email;
    const password = passwordFile === undefined ? {} : { password: (await readKey(passwordFile)).trim() };
    const { requestTimeoutMs: timeoutMs } = DEFAULT_PUSH_SETTINGS;
    senders.email = new EmailSender({ ...email, ...password, maxConnections: MAIL_CONNECTIONS, timeoutMs });
  }
  return senders;
}

async function readKey(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new ImError('config_invalid', `the key file ${path} cannot be read`, {}, error);
  }
}

async function mustBe(path: string, what: string, check: () => Promise<unknown>): Promise<void> {
  try {
    await check();
  } catch (error) {
    throw new ImError('config_invalid', `${path} is not ${what}`, {}, error);
  }
}

async function readAccount(path: string): Promise<ServiceAccount> {
  const text = await readKey(path);
  let account: ServiceAccount | undefined;
  await mustBe(
    path,
    "a service account's key file (JSON with project_id, client_email, private_key, token_uri)",
    async () => {
      const { project_id, client_email, private_key, token_uri } = JSON.parse(text) as ServiceAccount;
      await importPKCS8(private_key, 'RS256');
      if (![project_id, client_email].every((field) => typeof field === 'string' && field !== '')) throw new Error();
      account = { project_id, client_email, private_key, token_uri: new URL(token_uri).href };
    },
  );
  return account as ServiceAccount;
}
