import { encodeMessage, ImError, type MessageStatus, SEARCH_TOPIC } from '@chasqui/domain';
import type { RecordOutcome } from '@chasqui/ports';
import type { ImportContext } from './import-context.ts';
import type { LineOf } from './import-lines.ts';
import type { ImportMarks } from './import-marks.ts';
import type { LineOutcome } from './line-outcomes.ts';
import { type LineMessage, messageOfLine } from './message-line.ts';

/** Messages in one event of the search topic. */
const MAX_IDS = 500;

type Recorded = LineMessage & { outcome: Extract<RecordOutcome, { places: unknown }> };

/**
 * Records messages with their own times, in their order. A receiver's mark is moved before the message store has the
 * message, so that no recovery takes it for one that reached nobody. Nothing is pushed and nobody is notified. While one
 * batch is put into the message store, the next is recorded.
 */
export class MessageImport {
  readonly #context: ImportContext;
  readonly #marks: ImportMarks;
  #storing: Promise<void> = Promise.resolve();

  constructor(context: ImportContext, marks: ImportMarks) {
    this.#context = context;
    this.#marks = marks;
  }

  async add(lines: readonly LineOf<'message'>[]): Promise<LineOutcome[]> {
    const given = await this.#checked(lines.map((line) => messageOfLine(this.#context, line)));
    const messages = given.filter(isRight);
    const recorded = await this.#context.conversations.record(messages.map(({ message }) => message));
    await this.#storing;
    this.#storing = this.#store(
      messages.flatMap((one, place): Recorded[] => {
        const outcome = recorded[place];
        return outcome !== undefined && 'places' in outcome ? [{ ...one, outcome }] : [];
      }),
    );
    // It is awaited later.
    this.#storing.catch(() => {});
    const outcomes = recorded.values();
    return given.map((one) => (isRight(one) ? lineOutcome(outcomes.next().value) : one));
  }

  /** Resolves when all is stored. */
  async finish(): Promise<void> {
    await this.#storing;
  }

  async #store(stored: readonly Recorded[]): Promise<void> {
    const { clock, nodeId: node, messages } = this.#context;
    await this.#marks.move(stored.filter(({ unread }) => !unread).map((one) => ({ ...keyOf(one), userId: one.to })));
    await this.#marks.cache(stored.filter(({ unread }) => unread).flatMap(({ outcome }) => outcome.unread));
    const at = clock.now();
    const steps = (['storing', 'stored'] as const).map((state) => ({ state, at, node }));
    await messages.put(
      stored.map(({ message: { digests: _, isImported: __, ...message }, contentText, outcome: { messageId } }) => ({
        ...encodeMessage({ ...message, messageId }, contentText),
        steps,
      })),
    );
    // So that no recovery notifies anybody of them, and a later sync tells nobody of their delivery.
    await messages.raise(
      stored.flatMap((one) => {
        const status: MessageStatus = one.unread ? 'unread' : 'delivered';
        return one.to === null ? [] : [{ ...keyOf(one), member: one.to, status, at, node }];
      }),
    );
    await this.#feedSearch(stored);
  }

  async #feedSearch(stored: readonly Recorded[]): Promise<void> {
    const keys = stored.map((one) => ({ ...keyOf(one), status: 'stored' as const }));
    for (let start = 0; start < keys.length; start += MAX_IDS) {
      const messages = keys.slice(start, start + MAX_IDS);
      await this.#context.publisher.publish(SEARCH_TOPIC, messages[0]?.conversationId ?? '', { messages });
    }
  }

  /** Errors for messages of users who were erased, and to groups that do not exist. */
  async #checked(given: readonly (LineMessage | ImError)[]): Promise<(LineMessage | ImError)[]> {
    const { erasures, groups } = this.#context;
    const messages = given.filter(isRight);
    const senders = [...new Set(messages.map(({ message }) => message.from))];
    const ids = [...new Set(messages.filter(({ to }) => to === null).map(({ message }) => message.conversationId))];
    const [erased, found] = await Promise.all([
      senders.length === 0 ? [] : erasures.get(senders),
      ids.length === 0 ? [] : groups.groups(ids),
    ]);
    const gone = new Set(senders.filter((_, place) => erased[place] != null));
    const known = new Set(ids.filter((_, place) => found[place]?.dissolvedAt === 0));
    return given.map((one) => {
      if (!isRight(one)) return one;
      if (gone.has(one.message.from)) return new ImError('user_erased', 'the sender was erased', { field: 'from' });
      return one.to === null && !known.has(one.message.conversationId) ? noGroup() : one;
    });
  }
}

function isRight(one: LineMessage | ImError): one is LineMessage {
  return !(one instanceof ImError);
}

/** Where the message is stored, under its first id. */
function keyOf({ message: { conversationId }, outcome: { messageId } }: Recorded) {
  return { conversationId, messageId };
}

function lineOutcome(outcome: RecordOutcome | undefined): LineOutcome {
  switch (outcome?.result) {
    case 'recorded':
      return 'imported';
    case 'duplicate':
      return 'repeated';
    case 'conflict':
      return new ImError('client_message_id_reused', 'another message of this sender has this clientMessageId', {
        field: 'clientMessageId',
      });
    case 'out_of_order':
      return new ImError('import_out_of_order', 'the conversation has later messages', { field: 'sentAt' });
    default:
      return noGroup();
  }
}

function noGroup(): ImError {
  return new ImError('not_found', 'there is no such group', { field: 'conversationId' });
}
