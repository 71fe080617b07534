import { type ConversationId, groupOf, type MessageId, type Position, type UserId } from '@chasqui/domain';
import { identityOf } from './chat-message.ts';
import type { ConversationKey } from './direct.ts';

/** One message that this device has shown. */
export interface Shown {
  readonly identity: string;
  readonly conversation: ConversationKey;
  /**
   * First the id that the message is shown under; then other ids under which it came before it was confirmed. At most
   * four.
   */
  ids: readonly MessageId[];
  /** The position in its log: the inbox, or the group's log. Null while the message is provisional. */
  position: Position | null;
  /** The number of the connection that brought it; 0: one of an earlier run of the program. */
  readonly connection: number;
  /** Clock.now() at arrival. */
  at: number;
}

export interface ShownOptions {
  maxShown: number;
  maxProvisional: number;
  /** Called when an entry is new or changed, and with null when it is forgotten. */
  changed: (identity: string, entry: Shown | null) => void;
}

const MAX_IDS = 4;
/** Eviction sorts all entries, so it runs only when `maxShown` is exceeded by a quarter. */
const SLACK = 1.25;

/**
 * The messages that were shown, by identity and by id: nothing is shown twice (C6), also under a second id. An entry is
 * *open* while the device's position does not cover it. A sync will bring an open entry again, so it is never evicted;
 * at most `maxProvisional` are accepted live. Of the others the newest `maxShown` by id are kept.
 */
export class ShownMessages {
  readonly #options: ShownOptions;
  readonly #byIdentity = new Map<string, Shown>();
  readonly #byId = new Map<MessageId, Shown>();
  readonly #open = new Set<Shown>();
  readonly #limit: number;

  constructor(options: ShownOptions) {
    this.#options = options;
    this.#limit = options.maxShown * SLACK;
  }

  find(from: UserId, clientMessageId: string): Shown | undefined {
    return this.#byIdentity.get(identityOf(from, clientMessageId));
  }

  findId(messageId: MessageId): Shown | undefined {
    return this.#byId.get(messageId);
  }

  /** Whether one more message beyond the position may be shown. */
  get hasRoom(): boolean {
    return this.#open.size < this.#options.maxProvisional;
  }

  /** Messages that their log may bring again, oldest first. */
  get open(): Shown[] {
    return [...this.#open];
  }

  /** Those that their log has not confirmed. `group`: null for the inbox. */
  provisional(group: ConversationId | null): Shown[] {
    return this.open.filter((entry) => entry.position === null && groupOf(entry.conversation) === group);
  }

  add(entry: Shown): void {
    this.#take(entry);
    this.#options.changed(entry.identity, entry);
  }

  /** Loads the entries that an earlier run of the program persisted. */
  restore(entries: readonly Shown[]): void {
    for (const entry of entries) this.#take(entry);
  }

  /** The same message came live under another id. */
  alias(entry: Shown, messageId: MessageId): void {
    if (entry.ids.includes(messageId) || entry.ids.length >= MAX_IDS) return;
    entry.ids = [...entry.ids, messageId];
    this.#byId.set(messageId, entry);
    this.#options.changed(entry.identity, entry);
  }

  /** The log has the message at `position`, under `messageId`. Returns false if that was known. */
  confirm(entry: Shown, messageId: MessageId, position: Position): boolean {
    if (entry.position !== null) return false;
    entry.position = position;
    if (entry.ids[0] !== messageId) {
      const others = entry.ids.filter((id) => id !== messageId);
      entry.ids = [messageId, ...others].slice(0, MAX_IDS);
      this.#byId.set(messageId, entry);
    }
    this.#options.changed(entry.identity, entry);
    return true;
  }

  /**
   * The device's position in a log moved: no sync repeats what it covers, so the oldest covered entries may be evicted.
   * `group`: null for the inbox.
   */
  covered(group: ConversationId | null, upTo: Position): void {
    for (const entry of this.#open) {
      const { position, conversation } = entry;
      if (position !== null && position <= upTo && groupOf(conversation) === group) this.#open.delete(entry);
    }
    const count = this.#byIdentity.size - this.#open.size;
    if (count > this.#limit) this.#forgetOldest(count - this.#options.maxShown);
  }

  /**
   * One of the message's ids was retracted. If it was the last one, the entry is removed, so that the message may be
   * shown again.
   */
  retract(entry: Shown, messageId: MessageId): void {
    const others = entry.ids.filter((id) => id !== messageId);
    if (others.length === 0) {
      this.forget(entry);
      return;
    }
    entry.ids = others;
    this.#byId.delete(messageId);
    this.#options.changed(entry.identity, entry);
  }

  forget(entry: Shown): void {
    for (const id of entry.ids) this.#byId.delete(id);
    this.#byIdentity.delete(entry.identity);
    this.#open.delete(entry);
    this.#options.changed(entry.identity, null);
  }

  clear(): void {
    for (const entry of [...this.#byIdentity.values()]) this.forget(entry);
  }

  #take(entry: Shown): void {
    for (const id of entry.ids) this.#byId.set(id, entry);
    this.#byIdentity.set(entry.identity, entry);
    this.#open.add(entry);
  }

  #forgetOldest(count: number): void {
    const key = ({ ids: [id = ''] }: Shown) => id;
    const covered = [...this.#byIdentity.values()].filter((entry) => !this.#open.has(entry));
    covered.sort((a, b) => (key(a) < key(b) ? -1 : 1));
    for (const entry of covered.slice(0, count)) this.forget(entry);
  }
}
