import { type Clock, ImError, type Limits } from '@chasqui/domain';
import { TokenBucket } from '../admission/token-bucket.ts';
import type { Session } from '../sessions/session.ts';

/**
 * Errors: `content_too_large`. The length in characters is checked first: only texts that could be too large are
 * measured in bytes.
 */
export function checkSize(contentText: string, maxBytes: number): void {
  if (contentText.length * 3 <= maxBytes || Buffer.byteLength(contentText) <= maxBytes) return;
  throw new ImError('content_too_large', `content has more than ${maxBytes} bytes`, { field: 'content' });
}

/** Takes a message from the session's rate. Errors: `too_fast`. */
export function checkRate(
  session: Session,
  clock: Clock,
  limits: Pick<Limits, 'messagesPerSecond' | 'messageBurst' | 'maxInFlightPerSession'>,
): void {
  session.messageBucket ??= new TokenBucket(limits.messagesPerSecond, limits.messageBurst, clock.monotonic());
  const waitMs = session.messageBucket.take(clock.monotonic());
  if (waitMs > 0) throw new ImError('too_fast', 'too many messages a second', { retryAfterMs: waitMs });
  if (session.inFlight >= limits.maxInFlightPerSession) {
    throw new ImError('too_fast', 'too many messages without send_ack', { retryAfterMs: 100 });
  }
}
