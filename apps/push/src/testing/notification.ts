import { collapseIdOf } from '../notification.ts';
import type { PushNotification } from '../push-sender.ts';

/** A notification for a device that is registered with the given token. */
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

/** What limits a request that should not need it. */
export const plenty = (): AbortSignal => AbortSignal.timeout(10_000);
