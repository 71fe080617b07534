import {
  type ChatMessage,
  type FullClient,
  ImError,
  joinedReactions,
  type ReactorsPage,
  type ReactorsQuery,
  type ShownReactions,
} from '@chasqui/client';
import { BoundedMap, type ConversationId, type MessageId, type UserId } from '@chasqui/domain';
import type { ServerFrameOf } from '@chasqui/protocol';
import type { StoredMessage } from '../model/answerable.ts';
import { Store } from '../store.ts';

/** Messages of one conversation whose reactions are kept here. Beyond: what was told first is as the message has it. */
const MAX_TOLD = 2_000;
/** How long the words of a refusal stay, ms. */
const REFUSED_MS = 15_000;

/** The server did not take a reaction. */
export interface RefusedReaction {
  readonly messageId: MessageId;
  readonly error: ImError;
}

/** How the client library names the conversation. */
interface Name {
  conversationId: ConversationId;
  peer: UserId;
}

type Client = Pick<FullClient, 'on' | 'react' | 'reactors'>;

/**
 * The reactions to the messages of one conversation, those included that only the page has in memory: the client library tells
 * what is shown with them, own reactions included. Listeners are called when those of any message may have changed: of the
 * others, `of` returns the same object.
 */
export class Reactions extends Store<number> {
  /** What the server refused last; null: nothing, or it was some time ago. */
  readonly refused = new Store<RefusedReaction | null>(null);
  readonly #client: Client;
  readonly #name: Name;
  readonly #told = new BoundedMap<MessageId, ShownReactions>(MAX_TOLD);
  readonly #joined = new WeakMap<ChatMessage, { told: ShownReactions; shown: ShownReactions }>();

  constructor(client: Client, { conversationId, peer }: Name, signal: AbortSignal) {
    super(0);
    this.#client = client;
    this.#name = { conversationId, peer };
    const end = client.on('reactions', ({ conversationId: at, messageId, reactions }) => {
      if (at !== conversationId || this.#isPast(messageId, reactions)) return;
      this.#tell(messageId, reactions);
      this.#changed();
    });
    signal.addEventListener('abort', end);
  }

  /** What is shown with a message; undefined: nothing. The same object until that changes. */
  of(message: ChatMessage): ShownReactions | undefined {
    const { messageId, recalledAt } = message;
    if (messageId === '' || recalledAt !== undefined) return undefined;
    const told = this.#told.get(messageId);
    if (told === undefined) return message.reactions;
    const known = this.#joined.get(message);
    if (known?.told === told) return known.shown;
    const shown = joinedReactions(message.reactions, told);
    this.#joined.set(message, { told, shown });
    return shown;
  }

  /** Takes the reactions to the messages of a page of the history. */
  take(frames: readonly ServerFrameOf<'chat'>[]): void {
    const said = frames.flatMap(({ messageId, reactions }) => (reactions ? [{ messageId, reactions }] : []));
    const news = said.filter(({ messageId, reactions }) => this.#isNews(messageId, reactions));
    for (const { messageId, reactions } of news) this.#tell(messageId, reactions);
    if (news.length > 0) this.#changed();
  }

  /** Reacts to a message, or takes that back. It shows at once, and is taken back if the server refuses it (`refused`). */
  async react(message: StoredMessage, emoji: string, on: boolean): Promise<void> {
    const { messageId } = message;
    this.refused.set(null);
    try {
      await this.#client.react(this.#name, { messageId, reactions: this.of(message) }, emoji, on);
    } catch (cause) {
      this.#refuse({ messageId, error: ImError.from(cause) });
    }
  }

  /** Errors: `message_not_found` … */
  reactors(messageId: MessageId, query: ReactorsQuery): Promise<ReactorsPage> {
    return this.#client.reactors(this.#name, messageId, query);
  }

  #isNews(messageId: MessageId, said: ShownReactions): boolean {
    const known = this.#told.get(messageId);
    return known === undefined || known.revision < said.revision || mineOf(known) < mineOf(said);
  }

  /** Of one revision, own reactions may come and go. */
  #isPast(messageId: MessageId, said: ShownReactions): boolean {
    const known = this.#told.get(messageId);
    return known !== undefined && known.revision > said.revision && mineOf(known) >= mineOf(said);
  }

  #tell(messageId: MessageId, reactions: ShownReactions): void {
    this.#told.set(messageId, joinedReactions(this.#told.get(messageId), reactions));
  }

  #refuse(refused: RefusedReaction): void {
    // A client that was closed sends it after the next login.
    if (refused.error.code === 'connection_closed') return;
    this.refused.set(refused);
    setTimeout(() => this.refused.get() === refused && this.refused.set(null), REFUSED_MS);
  }

  #changed(): void {
    this.set(this.get() + 1);
  }
}

function mineOf({ revision, mineRevision = revision }: ShownReactions): number {
  return mineRevision;
}
