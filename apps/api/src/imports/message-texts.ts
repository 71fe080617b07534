import { encodeMessage, type MessageStatus, type StoredMessage } from '@chasqui/domain';
import type { MessageKey, RecordOutcome } from '@chasqui/ports';
import type { ImportContext } from './import-context.ts';
import type { LineMessage } from './message-line.ts';

/** A message, and what the message store has under its id before this call. */
export type Placed = LineMessage & { before: StoredMessage | null };
export type Recorded = Placed & { outcome: Extract<RecordOutcome, { places: unknown }> };

/** Puts the texts of messages into the message store before they are recorded. */
export class MessageTexts {
  readonly #context: ImportContext;

  constructor(context: ImportContext) {
    this.#context = context;
  }

  async store(given: readonly LineMessage[]): Promise<Placed[]> {
    const { messages } = this.#context;
    const before = await messages.get(given.map(({ message }) => message));
    const placed = given.map((one, place) => ({ ...one, before: before[place] ?? null }));
    await this.#put(placed.filter((one) => one.before === null));
    return placed;
  }

  async #put(given: readonly LineMessage[]): Promise<void> {
    const { clock, nodeId: node, messages } = this.#context;
    if (given.length === 0) return;
    const at = clock.now();
    const steps = (['storing', 'stored'] as const).map((state) => ({ state, at, node }));
    await messages.put(
      given.map(({ message: { digests: _, isImported: __, ...message }, contentText }) => ({
        ...encodeMessage(message, contentText),
        steps,
      })),
    );
    await this.#raise(given);
  }

  /** So that no recovery notifies anybody of them, and a later sync tells nobody of their delivery. */
  async #raise(given: readonly LineMessage[]): Promise<void> {
    const { clock, nodeId: node, messages } = this.#context;
    const at = clock.now();
    await messages.raise(
      given.flatMap(({ message: { conversationId, messageId }, unread, to }) => {
        const status: MessageStatus = unread ? 'unread' : 'delivered';
        return to === null ? [] : [{ conversationId, messageId, member: to, status, at, node }];
      }),
    );
  }

  /**
   * Removes texts that this call stored in vain: of refused messages, and second copies. Who was recorded under another id
   * after all, because somebody wrote meanwhile, gets their text there. Returns the removed keys.
   */
  async keepOneId(given: readonly Placed[], outcomes: readonly RecordOutcome[]): Promise<MessageKey[]> {
    const recorded = recordedOf(given, outcomes);
    await this.#put(recorded.filter((one) => !isFirstId(one)).map(withFinalId));
    // It may have been stored by a call that ended before it raised the status.
    await this.#raise(recorded.filter((one) => one.before !== null && isFirstId(one)));
    const second = given.filter((one, place) => isInVain(one, outcomes[place])).map(({ message }) => message);
    if (second.length > 0) await this.#context.messages.remove(second);
    return second.map(({ conversationId, messageId }) => ({ conversationId, messageId }));
  }
}

export function recordedOf(given: readonly Placed[], outcomes: readonly RecordOutcome[]): Recorded[] {
  return given.flatMap((one, place) => {
    const outcome = outcomes[place];
    return outcome !== undefined && 'places' in outcome ? [{ ...one, outcome }] : [];
  });
}

function isFirstId({ message, outcome }: Recorded): boolean {
  return message.messageId === outcome.messageId;
}

function withFinalId(one: Recorded): LineMessage {
  return { ...one, message: { ...one.message, messageId: one.outcome.messageId } };
}

/** Whether the text under the given id must not be there. What was there before and is no copy of this one stays. */
function isInVain({ message, before }: Placed, outcome: RecordOutcome | undefined): boolean {
  if (outcome === undefined) return false;
  const isOwn = before === null || (before.from === message.from && before.clientMessageId === message.clientMessageId);
  // Without a first id it is unknown whether this is the message itself, whose first copy the dedup window has forgotten.
  if (outcome.result === 'refused' || outcome.result === 'out_of_order') return before === null;
  return isOwn && outcome.messageId !== message.messageId;
}
