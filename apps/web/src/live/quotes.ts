import { type FullClient, ImError } from '@chasqui/client';
import { BoundedMap, type ConversationId, contentKind, defined, type MessageId } from '@chasqui/domain';
import type { ServerFrameOf } from '@chasqui/protocol';
import type { MessagesApi } from '../messages-api.ts';
import { type Quote, quoteOf } from '../model/quote.ts';
import { Store } from '../store.ts';

/** Quotes of one conversation that are kept. Beyond: the one that was kept first is asked for again. */
const MAX_QUOTES = 2_000;

/**
 * What answers quote of messages that are not loaded: as the server told with the answers, and changed by what became of
 * the messages since. What nobody has told is asked for, once.
 */
export class Quotes extends Store<number> {
  readonly #api: Pick<MessagesApi, 'one'>;
  readonly #conversationId: ConversationId;
  readonly #known = new BoundedMap<MessageId, Quote>(MAX_QUOTES);
  readonly #asked = new BoundedMap<MessageId, true>(MAX_QUOTES);

  constructor(api: Pick<MessagesApi, 'one'>, client: FullClient, conversationId: ConversationId, signal: AbortSignal) {
    super(0);
    this.#api = api;
    this.#conversationId = conversationId;
    const isHere = (event: { conversationId: string }) => event.conversationId === conversationId;
    const ends = [
      client.on('edit', (edit) => {
        if (!isHere(edit)) return;
        this.#change(edit.messageId, { kind: contentKind(edit.content), ...defined({ text: edit.content.text }) });
      }),
      client.on('recall', (recall) => {
        if (isHere(recall)) this.#change(recall.messageId, { kind: 'empty', text: '', recalledAt: recall.at });
      }),
      client.on('retract', (event) => isHere(event) && this.#put(event.messageId, 'gone')),
    ];
    signal.addEventListener('abort', () => {
      for (const end of ends) end();
    });
  }

  /** Undefined: not known yet. */
  of(messageId: MessageId): Quote | undefined {
    return this.#known.get(messageId);
  }

  /** Takes what a page of the history quotes. */
  take(frames: readonly ServerFrameOf<'chat'>[]): void {
    for (const { replyTo, quoted, recalledAt } of frames) {
      if (quoted !== undefined) this.#put(quoted.messageId, quoted);
      else if (replyTo !== undefined && recalledAt === undefined) this.#put(replyTo.messageId, 'gone');
    }
  }

  /** Asks for a message that is not known, unless it was asked for. Errors: none; the quote stays unknown. */
  async ask(messageId: MessageId): Promise<void> {
    if (this.#known.get(messageId) !== undefined || this.#asked.get(messageId) !== undefined) return;
    this.#asked.set(messageId, true);
    try {
      this.#put(messageId, quoteOf(await this.#api.one(this.#conversationId, messageId)));
    } catch (error) {
      if (ImError.from(error).retry === 'never') this.#put(messageId, 'gone');
    }
  }

  #change(messageId: MessageId, change: Partial<Exclude<Quote, 'gone'>>): void {
    const known = this.#known.get(messageId);
    if (known !== undefined && known !== 'gone') this.#put(messageId, { ...known, ...change });
  }

  #put(messageId: MessageId, quote: Quote): void {
    this.#known.set(messageId, quote);
    this.set(this.get() + 1);
  }
}
