import { collapseIdOf } from '../notification.ts';
import type { PushNotification } from '../push-sender.ts';

/** A notification for a device registered with the given token. */
export function notificationTo(token: string, fields: Partial<PushNotification> = {}): PushNotification {
  return {
    messageId: '019b76da8000000000000001',
    conversationId: 'ann~bob',
    deviceId: 'phone',
    registration: { provider: 'apns', token, app: '', language: '', at: 0 },
    collapseId: collapseIdOf('ann~bob'),
    title: '安妮 & Co',
    body: '3 条新消息',
    badge: 7,
    language: 'zh',
    expiresAt: Date.now() + 3_600_000,
    ...fields,
  };
}

/** A generous time limit for a request that should be quick. */
export const plenty = (): AbortSignal => AbortSignal.timeout(10_000);
