import { encodeMessage, type MessageStatus, type StoredMessage } from '@chasqui/domain';
import type { MessageKey, RecordOutcome } from '@chasqui/ports';
import type { ImportContext } from './import-context.ts';
import { IMPORT_DEVICE, type LineMessage } from './message-line.ts';

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
    const second = given.filter((one, place) => this.#isInVain(one, outcomes[place])).map(({ message }) => message);
    if (second.length > 0) await this.#context.messages.remove(second);
    return second.map(({ conversationId, messageId }) => ({ conversationId, messageId }));
  }

  /** Whether the text under the given id must not be there. What was there before and is no copy of this one stays. */
  #isInVain(one: Placed, outcome: RecordOutcome | undefined): boolean {
    const { message, before } = one;
    if (outcome === undefined) return false;
    if (before !== null && !isOwn(one, before)) return false;
    if (outcome.result === 'refused' || outcome.result === 'out_of_order')
      return before === null || this.#isLeft(before);
    return outcome.messageId !== message.messageId;
  }

  /**
   * The text of an import that broke off before it recorded the message, if the transaction knows no first copy: had the
   * message been recorded, that would be known for the whole dedup window. Half of it leaves room for clocks that differ.
   */
  #isLeft({ fromDevice, steps: [first] }: StoredMessage): boolean {
    const { clock, limits } = this.#context;
    return fromDevice === IMPORT_DEVICE && first !== undefined && clock.now() - first.at < limits.dedupWindowMs / 2;
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

function isOwn({ message }: Placed, before: StoredMessage): boolean {
  return before.from === message.from && before.clientMessageId === message.clientMessageId;
}
