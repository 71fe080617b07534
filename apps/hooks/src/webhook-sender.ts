import { cutText, defined, ImError, type ServerEvent, type WebhookEndpoint } from '@chasqui/domain';

/** Errors are kept with at most this many characters. */
const MAX_REASON = 128;

/** How a receiver took an event. `gone`: it wants none any more. */
export type SendResult =
  | { type: 'taken' }
  | { type: 'gone' }
  /**
   * `afterMs`: when the receiver wants it again, if it said so. `isOfEvent`: the receiver is there, and refuses this event
   * alone.
   */
  | { type: 'failed'; reason: string; afterMs?: number; isOfEvent?: true };

/** Sends events to the receivers of webhooks. */
export interface WebhookSender {
  /** Makes one request. It ends when `signal` is aborted. Rejects only with unexpected errors. */
  send(endpoint: WebhookEndpoint, event: ServerEvent, signal: AbortSignal): Promise<SendResult>;
}

export function failed(reason: string, afterMs?: number): Extract<SendResult, { type: 'failed' }> {
  return { type: 'failed', reason: cutText(reason, MAX_REASON), ...defined({ afterMs }) };
}

/** Why a request had no answer. */
export function unanswered(error: unknown, signal: AbortSignal): SendResult {
  if (signal.aborted) return failed('no answer in time');
  if (error instanceof ImError) return failed(error.message);
  const { code, message } = error as { code?: unknown; message?: unknown };
  return failed(String(code ?? message ?? 'unreachable'));
}
