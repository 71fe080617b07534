import type { ConversationId, MessageId, PushRegistration } from '@chasqui/domain';

/** What one device is told. Sending it again makes no second notification where the provider can help it. */
export interface PushNotification {
  /** The newest message that it tells of, and its conversation: what the app opens. */
  messageId: MessageId;
  conversationId: ConversationId;
  deviceId: string;
  registration: PushRegistration;
  /** The same for all of a conversation: a newer notification takes the place of the older. 32 characters of base64url. */
  collapseId: string;
  title: string;
  body: string;
  /** All that is unread; null: not known now, leave it. */
  badge: number | null;
  /** BCP 47, of title and body. */
  language: string;
  /** Unix ms: of no use after. */
  expiresAt: number;
  /** E-mail alone: a code that shows whose the address is, and nothing else. */
  code?: string;
}

/**
 * What became of one request. `dead`: the token leads nowhere any more; with `since` (Unix ms), a registration that is
 * younger stays. `refused`: it will never be taken, for a reason that is not the token. `retry`: later, after `afterMs`
 * if the provider said so; scope `provider` when it is the same for everybody.
 */
export type SendResult =
  | { type: 'accepted' }
  | { type: 'dead'; reason: string; since?: number }
  | { type: 'refused'; reason: string }
  | { type: 'retry'; reason: string; scope: 'device' | 'provider'; afterMs?: number };

/** One provider. */
export interface PushSender extends AsyncDisposable {
  /** Makes one request (or one more, where the provider's own credentials had to be renewed). Once `signal` is aborted nobody waits for it: it then gives back what it holds. Rejects only with what nobody foresaw. */
  send(notification: PushNotification, signal: AbortSignal): Promise<SendResult>;
}
