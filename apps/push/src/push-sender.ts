import type { ConversationId, MessageId, PushRegistration } from '@chasqui/domain';

/** A notification for one device. If it is sent twice, providers that can collapse it show it once. */
export interface PushNotification {
  /** The newest message that the notification is about, and its conversation, which the app opens. */
  messageId: MessageId;
  conversationId: ConversationId;
  deviceId: string;
  registration: PushRegistration;
  /** One id for each conversation, so that a newer notification replaces the older. 32 characters of base64url. */
  collapseId: string;
  title: string;
  body: string;
  /** The total unread count; null: currently unknown, so the badge stays as it is. */
  badge: number | null;
  /** The BCP 47 language of title and body. */
  language: string;
  /** Unix ms after which the notification is of no use. */
  expiresAt: number;
  /** E-mail only: a code that confirms who owns the address. Such a mail has nothing else. */
  code?: string;
}

/**
 * The result of one request. `dead`: the token is no longer valid; with `since` (Unix ms), a registration made after
 * that stays. `refused`: never accepted, for a reason other than the token. `retry`: try later, after `afterMs` if the
 * provider gave a time; the scope is `provider` if it concerns all requests to the provider.
 */
export type SendResult =
  | { type: 'accepted' }
  | { type: 'dead'; reason: string; since?: number }
  | { type: 'refused'; reason: string }
  | { type: 'retry'; reason: string; scope: 'device' | 'provider'; afterMs?: number };

/** Sends notifications through one provider. */
export interface PushSender extends AsyncDisposable {
  /**
   * Makes one request (or one more if the provider's credentials had to be renewed). Once `signal` is aborted, nobody
   * awaits it: it then releases its resources. Rejects only with unexpected errors.
   */
  send(notification: PushNotification, signal: AbortSignal): Promise<SendResult>;
}
