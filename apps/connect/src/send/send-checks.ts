import { type Clock, conversationOf, type HybridClock, ImError, type Limits, type Message } from '@chasqui/domain';
import type { ClientFrameOf } from '@chasqui/protocol';
import type { Admission } from '../admission/admission.ts';
import { TokenBucket } from '../admission/token-bucket.ts';
import type { Session } from '../sessions/session.ts';

export interface SendChecksOptions {
  clock: Clock;
  limits: Limits;
  ids: HybridClock;
  admission: Pick<Admission, 'message'>;
}

/** What is refused of a message before anything of it is noted: its sender may repeat it as if it had never been sent. */
export class SendChecks {
  readonly #options: SendChecksOptions;

  constructor(options: SendChecksOptions) {
    this.#options = options;
  }

  /**
   * The message of a frame. `waiting`: how many are on their way to the publisher. Errors: `overloaded`, `recipient_invalid`,
   * `content_too_large`, `predecessor_missing`, `too_fast`.
   */
  take(session: Session, frame: ClientFrameOf<'chat'>, waiting: number): Message {
    const { clock, limits, ids, admission } = this.#options;
    admission.message(session.userId, waiting);
    const conversationId = conversationOf(session.userId, frame.to);
    checkContent(frame.content, limits.maxContentBytes);
    session.order.check(conversationId, frame.follows);
    session.messageBucket ??= new TokenBucket(limits.messagesPerSecond, limits.messageBurst, clock.monotonic());
    const waitMs = session.messageBucket.take(clock.monotonic());
    if (waitMs > 0) throw new ImError('too_fast', 'too many messages a second', { retryAfterMs: waitMs });
    if (session.inFlight >= limits.maxInFlightPerSession) {
      throw new ImError('too_fast', 'too many messages without send_ack', { retryAfterMs: 100 });
    }
    return {
      messageId: ids.next(frame.after),
      conversationId,
      from: session.userId,
      fromDevice: session.deviceId,
      to: frame.to,
      clientMessageId: frame.clientMessageId,
      kind: 'c2c',
      content: frame.content,
      sentAt: clock.now(),
    };
  }
}

/** Errors: `content_too_large`. Characters are counted first: only what could be too large is measured in bytes. */
function checkContent(content: object, maxBytes: number): void {
  const json = JSON.stringify(content);
  if (json.length * 3 <= maxBytes || new TextEncoder().encode(json).length <= maxBytes) return;
  throw new ImError('content_too_large', `content has more than ${maxBytes} bytes`, { field: 'content' });
}
