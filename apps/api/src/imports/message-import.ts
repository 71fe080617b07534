import { ImError, SEARCH_TOPIC, type SearchEvent } from '@chasqui/domain';
import type { MessageKey, RecordOutcome } from '@chasqui/ports';
import { erasedAmong } from '../people/erased-among.ts';
import type { ImportContext } from './import-context.ts';
import { withFiles } from './import-files.ts';
import type { LineOf } from './import-lines.ts';
import type { ImportMarks } from './import-marks.ts';
import type { LineOutcome } from './line-outcomes.ts';
import { MessageIds } from './message-ids.ts';
import { type LineMessage, messageOfLine } from './message-line.ts';
import { MessageTexts, type Recorded, recordedOf } from './message-texts.ts';

/** Messages with their ids, among the errors of lines that are wrong. */
export interface Prepared {
  given: readonly (LineMessage | ImError)[];
  messages: readonly LineMessage[];
}

/** Messages in one event of the search topic. */
const MAX_IDS = 500;

/**
 * Records messages with their own times, in their order. Their texts are stored first: an entry of a log without its text
 * would stop every device that syncs that log, until somebody repeats the import. So are their statuses, so that no
 * recovery takes them for messages that reached nobody. Nothing is pushed and nobody is notified. While marks are moved
 * and search is fed for one batch, the next is stored, and the one after it is read.
 */
export class MessageImport {
  readonly #context: ImportContext;
  readonly #marks: ImportMarks;
  readonly #ids: MessageIds;
  readonly #texts: MessageTexts;
  #preparing: Promise<unknown> = Promise.resolve();
  #completing: Promise<void> = Promise.resolve();

  constructor(context: ImportContext, marks: ImportMarks) {
    this.#context = context;
    this.#marks = marks;
    this.#ids = new MessageIds(context);
    this.#texts = new MessageTexts(context);
  }

  /**
   * Checks messages and gives them their ids. Writes nothing, so that it may be called while those of the call before are
   * stored. With `stopAtError` nothing behind the first line that is wrong by itself: it is the last one.
   */
  prepare(lines: readonly LineOf<'message'>[], stopAtError: boolean): Promise<Prepared> {
    const before = this.#preparing;
    const prepared = this.#prepare(before, lines, stopAtError);
    this.#preparing = prepared.catch(() => {});
    return prepared;
  }

  async #prepare(before: Promise<unknown>, lines: readonly LineOf<'message'>[], stopAtError: boolean) {
    const read = lines.map((line) => messageOfLine(this.#context, line));
    const checked = await withFiles(this.#context, await this.#checked(read));
    const firstWrong = stopAtError ? checked.findIndex((one) => !isRight(one)) : -1;
    const given = firstWrong === -1 ? checked : checked.slice(0, firstWrong + 1);
    await before;
    return { given, messages: await this.#ids.give(given.filter(isRight)) };
  }

  /** Returns an outcome for each message and error of `prepare`. */
  async store({ given, messages }: Prepared): Promise<LineOutcome[]> {
    const placed = await this.#texts.store(messages);
    const recorded = await this.#context.conversations.record(placed.map(({ message }) => message));
    await this.#feedSearch(await this.#texts.keepOneId(placed, recorded));
    await this.#completing;
    this.#completing = this.#complete(recordedOf(placed, recorded));
    // It is awaited later.
    this.#completing.catch(() => {});
    const outcomes = recorded.values();
    return given.map((one) => (isRight(one) ? lineOutcome(outcomes.next().value) : one));
  }

  /** Resolves when all is stored. */
  async finish(): Promise<void> {
    await this.#completing;
  }

  async #complete(stored: readonly Recorded[]): Promise<void> {
    const own = stored.map((one) => ({ ...one, key: keyOf(one) }));
    await this.#marks.move(own.filter(({ unread }) => !unread).map(({ key, to }) => ({ ...key, userId: to })));
    await this.#marks.cache(own.filter(({ unread }) => unread).flatMap(({ outcome }) => outcome.unread));
    await this.#feedSearch(own.map(({ key }) => ({ ...key, status: 'stored' })));
  }

  async #feedSearch(changed: SearchEvent['messages']): Promise<void> {
    for (let start = 0; start < changed.length; start += MAX_IDS) {
      const messages = changed.slice(start, start + MAX_IDS);
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
      erasedAmong(erasures, senders),
      ids.length === 0 ? [] : groups.groups(ids),
    ]);
    const gone = new Set(erased);
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
function keyOf({ message: { conversationId }, outcome: { messageId } }: Recorded): MessageKey {
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
