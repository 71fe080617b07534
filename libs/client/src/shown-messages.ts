import type { MessageId, Position, UserId } from '@chasqui/domain';
import { identityOf } from './chat-message.ts';
import type { ConversationKey } from './direct.ts';

/** One message that this device has shown. */
export interface Shown {
  readonly identity: string;
  readonly conversation: ConversationKey;
  /** The id it is shown under, first; then other ids under which it came before it was confirmed. At most four. */
  readonly ids: MessageId[];
  /** Its place in the inbox; null while it is provisional. */
  position: Position | null;
  /** The connection it came on; 0: one of an earlier run of the program. */
  readonly connection: number;
  /** Clock.now() when it came. */
  at: number;
}

export interface ShownOptions {
  maxShown: number;
  maxProvisional: number;
  /** Called when an entry is new or changed, and with null when it is forgotten. */
  changed: (identity: string, entry: Shown | null) => void;
}

const MAX_IDS = 4;
/** Forgetting sorts, so it waits until a quarter more than `maxShown` is there. */
const SLACK = 1.25;

/**
 * Which messages were shown, by identity and by id: nothing is shown twice (C6), also under a second id. An entry is
 * *open* while the device's position does not cover it: a sync will bring it again, so it is never forgotten; at most
 * `maxProvisional` are let in live. Of the others the newest `maxShown` by id are kept.
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

  /** Whether one more message may be shown before the position comes to it. */
  get hasRoom(): boolean {
    return this.#open.size < this.#options.maxProvisional;
  }

  /** Those that the inbox has not confirmed, oldest first. */
  provisional(): Shown[] {
    return [...this.#open].filter(({ position }) => position === null);
  }

  add(entry: Shown): void {
    this.#take(entry);
    this.#options.changed(entry.identity, entry);
  }

  /** Takes up what an earlier run of the program wrote down. */
  restore(entries: readonly Shown[]): void {
    for (const entry of entries) this.#take(entry);
  }

  /** The same message came live under another id. */
  alias(entry: Shown, messageId: MessageId): void {
    if (entry.ids.includes(messageId) || entry.ids.length >= MAX_IDS) return;
    entry.ids.push(messageId);
    this.#byId.set(messageId, entry);
    this.#options.changed(entry.identity, entry);
  }

  /** The inbox has it at `position`, under `messageId`. False: that was known. */
  confirm(entry: Shown, messageId: MessageId, position: Position): boolean {
    if (entry.position !== null) return false;
    entry.position = position;
    if (entry.ids[0] !== messageId) {
      const others = entry.ids.filter((id) => id !== messageId);
      entry.ids.splice(0, entry.ids.length, messageId, ...others.slice(0, MAX_IDS - 1));
      this.#byId.set(messageId, entry);
    }
    this.#options.changed(entry.identity, entry);
    return true;
  }

  /** The device's position is here: no sync will bring again what it covers, and the oldest of that may be forgotten. */
  covered(upTo: Position): void {
    for (const entry of this.#open) {
      if (entry.position !== null && entry.position <= upTo) this.#open.delete(entry);
    }
    const count = this.#byIdentity.size - this.#open.size;
    if (count > this.#limit) this.#forgetOldest(count - this.#options.maxShown);
  }

  /** One of its ids was taken back. The last one: it is forgotten, so that the message may be shown again. */
  retract(entry: Shown, messageId: MessageId): void {
    const others = entry.ids.filter((id) => id !== messageId);
    if (others.length === 0) {
      this.forget(entry);
      return;
    }
    entry.ids.splice(0, entry.ids.length, ...others);
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
