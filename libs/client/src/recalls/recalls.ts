import { ImError, type MessageId, type Timer } from '@chasqui/domain';
import type { ServerFrameOf } from '@chasqui/protocol';
import { type OpenPromise, withResolvers } from '../basics/open-promise.ts';
import { serverError } from '../connection/server-error.ts';
import type { ConversationKey } from '../conversations/direct.ts';
import type { Core } from '../core.ts';
import { PART_LIMITS } from '../part-limits.ts';
import type { RecallHost, RecallPart } from './recall-part.ts';

const REF = '#recall/';

interface Waiting extends OpenPromise<void> {
  timer: Timer;
}

/** Recalls in flight. Recalling is idempotent: one that rejects with a retryable error may be repeated. */
export class Recalls implements RecallPart {
  readonly calls: RecallPart['calls'];
  readonly #core: Core;
  readonly #waiting = new Map<MessageId, Waiting>();

  constructor({ core, keyOf }: RecallHost) {
    this.#core = core;
    this.calls = { recall: async (conversation, messageId) => this.#recall(keyOf(conversation), messageId) };
  }

  async #recall(key: ConversationKey, messageId: MessageId): Promise<void> {
    const known = this.#waiting.get(messageId);
    if (known !== undefined) return known.promise;
    const { clock, timeline } = this.#core;
    const limits = { ...PART_LIMITS, ...this.#core.limits };
    const view = timeline.view(key);
    if (view.find(messageId)?.recalledAt !== undefined) return;
    const { conversationId } = view;
    if (this.#waiting.size >= limits.maxRecalls) throw new ImError('overloaded', 'too many recalls are waiting');
    const ref = REF + messageId;
    if (!this.#core.transmit({ type: 'recall', conversationId, messageId, ref })) {
      throw new ImError('connection_closed', 'the client is not online');
    }
    const late = () => this.#reject(messageId, new ImError('deadline_exceeded', 'the recall was not answered'));
    const waiting = { ...withResolvers<void>(), timer: clock.after(limits.recallTimeoutMs, late) };
    this.#waiting.set(messageId, waiting);
    return waiting.promise;
  }

  done(messageId: MessageId): void {
    this.#take(messageId)?.resolve();
  }

  error(frame: ServerFrameOf<'error'>): boolean {
    const { ref } = frame;
    if (!ref?.startsWith(REF)) return false;
    this.#reject(ref.slice(REF.length), serverError(frame));
    return true;
  }

  offline(): void {
    const error = new ImError('connection_closed', 'the connection was lost');
    for (const messageId of [...this.#waiting.keys()]) this.#reject(messageId, error);
  }

  #reject(messageId: MessageId, error: ImError): void {
    this.#take(messageId)?.reject(error);
  }

  #take(messageId: MessageId): Waiting | undefined {
    const waiting = this.#waiting.get(messageId);
    waiting?.timer.cancel();
    this.#waiting.delete(messageId);
    return waiting;
  }
}
