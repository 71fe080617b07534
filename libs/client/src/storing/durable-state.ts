import { groupOf, type MessageId, type Position, usersIn } from '@chasqui/domain';
import { type ConversationKey, directWith, keyOf } from '../conversations/direct.ts';
import type { Shown } from '../conversations/shown-messages.ts';
import type { DurableStore, MessageKeeper } from './durable-store.ts';
import { parsedText } from './parsed-text.ts';
import type { Head, Unsent } from './stored-values.ts';

/** Releases up to 0.1 wrote the other user's id in place of the conversation's id. */
type StoredShown = [ids: readonly MessageId[], conversation: ConversationKey, position: Position | null, at: number];

/**
 * The client's persistent state. Outgoing messages are written at once. `flush` writes the position and the shown
 * messages, the shown messages first: a crash between the two writes neither shows a message twice nor skips one. The
 * same holds for what else is noted. A database writes all of it together with the messages themselves, or nothing.
 */
export class DurableState {
  /** Only in a database: what it keeps of conversations is written with the rest. */
  readonly keeper: MessageKeeper | undefined;
  readonly #store: DurableStore;
  readonly #shown = new Map<string, string | null>();
  /** By key, as the others. */
  readonly #others = new Map<string, string | null>();
  #head: Head | undefined;
  #saved: Head;
  #waiting: (() => void)[] = [];
  #isWriting = false;

  constructor(store: DurableStore) {
    this.#store = store;
    this.keeper = store.keeper;
    this.#saved = this.head();
  }

  /** The last head that the store has for certain. */
  get saved(): Head {
    return this.#saved;
  }

  head(): Head {
    return this.read<Head>('head') ?? { userId: '', position: 0 };
  }

  /** In the order of sending. */
  unsent(): Unsent[] {
    return this.all<Unsent>('out/')
      .map(([, unsent]) => unsent)
      .sort((a, b) => a.order - b.order);
  }

  shown(): Shown[] {
    const { userId } = this.head();
    return this.all<StoredShown>('shown/').map(([identity, [ids, stored, position, at]]) => {
      const isFormer = usersIn(stored) === null && groupOf(stored) === null;
      const conversation = isFormer ? keyOf(directWith(userId, stored)) : stored;
      return { identity, ids, conversation, position, at, connection: 0 };
    });
  }

  /** The values under the keys that begin with `prefix`, by the rest of their keys. */
  all<T>(prefix: string): [name: string, value: T][] {
    return this.#store
      .keys()
      .filter((key) => key.startsWith(prefix))
      .map((key): [string, T | undefined] => [key.slice(prefix.length), this.read<T>(key)])
      .filter((pair): pair is [string, T] => pair[1] !== undefined);
  }

  read<T>(key: string): T | undefined {
    return parsedText(this.#store.get(key));
  }

  saveUnsent(unsent: Unsent): void {
    this.#store.put(`out/${unsent.clientMessageId}`, JSON.stringify(unsent));
  }

  /** With the next `flush`. */
  noteSent(clientMessageId: string): void {
    this.note(`out/${clientMessageId}`, null);
  }

  noteShown(identity: string, entry: Shown | null): void {
    const value: StoredShown | null = entry && [entry.ids, entry.conversation, entry.position, entry.at];
    this.#shown.set(`shown/${identity}`, value && JSON.stringify(value));
  }

  /** With the next `flush`; null: the value is removed. */
  note(key: string, value: unknown): void {
    this.#others.set(key, value === null ? null : JSON.stringify(value));
  }

  noteHead(head: Head): void {
    this.#head = head;
  }

  /**
   * `then`: called when all that was noted is in the store, or the store has failed; at once, if it does not take time. One
   * write at a time: what is noted meanwhile is the next.
   */
  flush(then: () => void = () => undefined): void {
    this.#waiting.push(then);
    if (!this.#isWriting) this.#write();
  }

  #write(): void {
    const [head, waiting] = [this.#head, this.#waiting];
    const texts = new Map([...this.#shown, ...this.#others]);
    if (head !== undefined) texts.set('head', JSON.stringify(head));
    this.#forgetNoted();
    this.#isWriting = true;
    const writing = this.#store.write(texts);
    const written = () => {
      this.#isWriting = false;
      if (head !== undefined) this.#saved = head;
      for (const then of waiting) then();
      if (this.#waiting.length > 0 && !this.#isWriting) this.#write();
    };
    if (writing === undefined) written();
    else void writing.then(written);
  }

  /** Another user logged in: nothing in the store belongs to them. */
  clear(): void {
    this.#forgetNoted();
    this.#saved = { userId: '', position: 0 };
    this.#store.clear();
  }

  #forgetNoted(): void {
    this.#shown.clear();
    this.#others.clear();
    this.#head = undefined;
    this.#waiting = [];
  }
}
