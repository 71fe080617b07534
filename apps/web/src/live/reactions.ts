import {
  type ChatMessage,
  type FullClient,
  ImError,
  joinedReactions,
  type ReactorsPage,
  type ReactorsQuery,
  type ShownReactions,
  withReaction,
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

/** What the user wants and the server has not answered: by emoji, whether they react with it. */
type Wanted = ReadonlyMap<string, { readonly on: boolean }>;

interface Known {
  said: ShownReactions | undefined;
  wanted: Wanted | undefined;
  shown: ShownReactions | undefined;
}

/** How the client library names the conversation. */
interface Name {
  conversationId: ConversationId;
  peer: UserId;
}

type Client = Pick<FullClient, 'on' | 'react' | 'reactors'>;

/**
 * The reactions to the messages of one conversation. The client library changes those of the messages that it has in
 * memory; the page shows older ones too. Listeners are called when those of any message may have changed: of the others,
 * `of` returns the same object.
 */
export class Reactions extends Store<number> {
  /** What the server refused last; null: nothing, or it was some time ago. */
  readonly refused = new Store<RefusedReaction | null>(null);
  readonly #client: Client;
  readonly #name: Name;
  readonly #told = new BoundedMap<MessageId, ShownReactions>(MAX_TOLD);
  readonly #wanted = new Map<MessageId, Wanted>();
  readonly #known = new WeakMap<ChatMessage, Known>();

  constructor(client: Client, { conversationId, peer }: Name, signal: AbortSignal) {
    super(0);
    this.#client = client;
    this.#name = { conversationId, peer };
    const end = client.on('reactions', (told) => {
      if (told.conversationId === conversationId && this.#tell(told)) this.#changed();
    });
    signal.addEventListener('abort', end);
  }

  /** What is shown with a message; undefined: nothing. The same object until that changes. */
  of(message: ChatMessage): ShownReactions | undefined {
    const { messageId, recalledAt } = message;
    if (messageId === '' || recalledAt !== undefined) return undefined;
    const said = this.#told.get(messageId);
    const wanted = this.#wanted.get(messageId);
    const known = this.#known.get(message);
    if (known !== undefined && known.said === said && known.wanted === wanted) return known.shown;
    const shown = shownReactions(message.reactions, said, wanted);
    this.#known.set(message, { said, wanted, shown });
    return shown;
  }

  /** Takes the reactions to the messages of a page of the history. */
  take(frames: readonly ServerFrameOf<'chat'>[]): void {
    const news = frames.filter(({ messageId, reactions }) => reactions && this.#tell({ messageId, reactions }));
    if (news.length > 0) this.#changed();
  }

  /** Reacts to a message, or takes that back. It shows at once, and is taken back if the server refuses it (`refused`). */
  async react({ messageId }: StoredMessage, emoji: string, on: boolean): Promise<void> {
    const one = { on };
    this.refused.set(null);
    this.#want(messageId, new Map(this.#wanted.get(messageId)).set(emoji, one));
    try {
      await this.#client.react(this.#name, messageId, emoji, on);
    } catch (cause) {
      this.#refuse({ messageId, error: ImError.from(cause) });
    }
    if (this.#wanted.get(messageId)?.get(emoji) !== one) return;
    const left = new Map(this.#wanted.get(messageId));
    left.delete(emoji);
    this.#want(messageId, left);
  }

  /** Errors: `message_not_found` … */
  reactors(messageId: MessageId, query: ReactorsQuery): Promise<ReactorsPage> {
    return this.#client.reactors(this.#name, messageId, query);
  }

  /** Returns whether that is news. */
  #tell({ messageId, reactions }: { messageId: MessageId; reactions: ShownReactions }): boolean {
    const known = this.#told.get(messageId);
    if (known !== undefined && known.revision >= reactions.revision && mineOf(known) >= mineOf(reactions)) return false;
    this.#told.set(messageId, joinedReactions(known, reactions));
    return true;
  }

  #want(messageId: MessageId, wanted: Wanted): void {
    if (wanted.size === 0) this.#wanted.delete(messageId);
    else this.#wanted.set(messageId, wanted);
    this.#changed();
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

/** Of one revision, the message's own are the later ones: what this user wants is in them already. */
function shownReactions(
  own: ShownReactions | undefined,
  said: ShownReactions | undefined,
  wanted: Wanted | undefined,
): ShownReactions | undefined {
  let reactions = own === undefined ? said : joinedReactions(said, own);
  for (const [emoji, { on }] of wanted ?? []) reactions = withReaction(reactions, emoji, on);
  return reactions;
}

function mineOf({ revision, mineRevision = revision }: ShownReactions): number {
  return mineRevision;
}
