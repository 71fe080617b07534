import { defined, type PushEndpointRule } from '@chasqui/domain';
import { type ConfigReader, readPushEndpointRule } from '@chasqui/kit';

/**
 * The settings of each provider; absent: it is not used. Secrets are in files that only their owner should be able to
 * read.
 */
export interface ProviderConfigs {
  apns?: { keyFile: string; keyId: string; teamId: string; topic: string; url: string };
  fcm?: { accountFile: string; url: string };
  webpush?: PushEndpointRule & { allowPrivate: boolean; publicKey: string; keyFile: string; subject: string };
  email?: { url: string; user?: string; passwordFile?: string; from: string; link?: string };
}

/** A provider is used if its first setting is given; then all its settings are required. */
export function readProviderConfigs(reader: ConfigReader): ProviderConfigs {
  return { ...readApns(reader), ...readFcm(reader), ...readWebPush(reader), ...readEmail(reader) };
}

function readApns(reader: ConfigReader): Pick<ProviderConfigs, 'apns'> {
  const keyFile = reader.optional('CHASQUI_PUSH_APNS_KEY_FILE');
  if (keyFile === undefined) return {};
  const url = reader.text('CHASQUI_PUSH_APNS_URL', 'https://api.push.apple.com');
  return {
    apns: {
      keyFile,
      url,
      keyId: reader.text('CHASQUI_PUSH_APNS_KEY_ID'),
      teamId: reader.text('CHASQUI_PUSH_APNS_TEAM_ID'),
      topic: reader.text('CHASQUI_PUSH_APNS_TOPIC'),
    },
  };
}

function readFcm(reader: ConfigReader): Pick<ProviderConfigs, 'fcm'> {
  const accountFile = reader.optional('CHASQUI_PUSH_FCM_ACCOUNT_FILE');
  if (accountFile === undefined) return {};
  return { fcm: { accountFile, url: reader.text('CHASQUI_PUSH_FCM_URL', 'https://fcm.googleapis.com') } };
}

function readWebPush(reader: ConfigReader): Pick<ProviderConfigs, 'webpush'> {
  const keyFile = reader.optional('CHASQUI_PUSH_WEBPUSH_KEY_FILE');
  if (keyFile === undefined) return {};
  return {
    webpush: {
      keyFile,
      publicKey: reader.text('CHASQUI_PUSH_WEBPUSH_PUBLIC_KEY'),
      subject: reader.text('CHASQUI_PUSH_WEBPUSH_SUBJECT'),
      ...readPushEndpointRule(reader),
    },
  };
}

/** User and password have settings of their own, as the address is shown where secrets must not be. */
function mailServerOf(text: string): string {
  const url = URL.parse(text);
  const isServer = url !== null && /^smtps?:$/.test(url.protocol) && url.hostname !== '' && /^\/?$/.test(url.pathname);
  if (isServer && url.username === '' && url.password === '' && url.search === '' && url.hash === '') return text;
  throw new Error('must be smtp://host:port or smtps://host:port, without a user, a password or a path');
}

function readEmail(reader: ConfigReader): Pick<ProviderConfigs, 'email'> {
  if (reader.optional('CHASQUI_PUSH_SMTP_URL') === undefined) return {};
  const url = reader.parsed('CHASQUI_PUSH_SMTP_URL', 'smtp://localhost', mailServerOf);
  const user = reader.optional('CHASQUI_PUSH_SMTP_USER');
  const link = reader.optional('CHASQUI_PUSH_EMAIL_LINK');
  return {
    email: {
      url,
      from: reader.text('CHASQUI_PUSH_EMAIL_FROM'),
      ...(user === undefined ? {} : { user, passwordFile: reader.text('CHASQUI_PUSH_SMTP_PASSWORD_FILE') }),
      ...defined({ link }),
    },
  };
}
