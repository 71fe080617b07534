import type { MessageId, UserId } from '@chasqui/domain';
import { identityOf } from './chat-message.ts';

/** One message that this device has shown. */
export interface Shown {
  readonly identity: string;
  readonly peer: UserId;
  /** The id it is shown under, first; then other ids under which it came before it was confirmed. At most four. */
  readonly ids: MessageId[];
  provisional: boolean;
  /** The connection it came on; 0: one of an earlier run of the program. */
  readonly connection: number;
  /** Clock.now() when it came. */
  readonly at: number;
}

export interface ShownOptions {
  maxShown: number;
  maxProvisional: number;
  /** Called when an entry is new or changed, and with null when it is forgotten. */
  changed: (identity: string, entry: Shown | null) => void;
}

const MAX_IDS = 4;

/**
 * Which messages were shown, by identity and by id: nothing is shown twice (C6), also under a second id. Confirmed
 * entries are forgotten oldest first beyond `maxShown`; provisional ones are counted apart and never forgotten unseen.
 */
export class ShownMessages {
  readonly #options: ShownOptions;
  readonly #confirmed = new Map<string, Shown>();
  readonly #provisional = new Map<string, Shown>();
  readonly #byId = new Map<MessageId, Shown>();

  constructor(options: ShownOptions) {
    this.#options = options;
  }

  find(from: UserId, clientMessageId: string): Shown | undefined {
    const identity = identityOf(from, clientMessageId);
    return this.#confirmed.get(identity) ?? this.#provisional.get(identity);
  }

  findId(messageId: MessageId): Shown | undefined {
    return this.#byId.get(messageId);
  }

  /** Whether one more provisional message may be shown. */
  get hasRoom(): boolean {
    return this.#provisional.size < this.#options.maxProvisional;
  }

  /** Those that the inbox has not confirmed, oldest first. */
  provisional(): Iterable<Shown> {
    return this.#provisional.values();
  }

  add(entry: Shown): void {
    this.#take(entry);
    this.#options.changed(entry.identity, entry);
    this.#trim();
  }

  /** Takes up what an earlier run of the program wrote down, oldest first. */
  restore(entries: readonly Shown[]): void {
    for (const entry of entries) this.#take(entry);
    this.#trim();
  }

  /** The same message came live under another id. */
  alias(entry: Shown, messageId: MessageId): void {
    if (entry.ids.includes(messageId) || entry.ids.length >= MAX_IDS) return;
    entry.ids.push(messageId);
    this.#byId.set(messageId, entry);
    this.#options.changed(entry.identity, entry);
  }

  /** The inbox has it, under `messageId`. False: that was known. */
  confirm(entry: Shown, messageId: MessageId): boolean {
    if (!entry.provisional) return false;
    entry.provisional = false;
    this.#provisional.delete(entry.identity);
    if (entry.ids[0] !== messageId) {
      const others = entry.ids.filter((id) => id !== messageId);
      entry.ids.splice(0, entry.ids.length, messageId, ...others.slice(0, MAX_IDS - 1));
      this.#byId.set(messageId, entry);
    }
    this.#confirmed.set(entry.identity, entry);
    this.#options.changed(entry.identity, entry);
    this.#trim();
    return true;
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
    this.#confirmed.delete(entry.identity);
    this.#provisional.delete(entry.identity);
    this.#options.changed(entry.identity, null);
  }

  clear(): void {
    for (const entry of [...this.#confirmed.values(), ...this.#provisional.values()]) this.forget(entry);
  }

  #take(entry: Shown): void {
    for (const id of entry.ids) this.#byId.set(id, entry);
    (entry.provisional ? this.#provisional : this.#confirmed).set(entry.identity, entry);
  }

  #trim(): void {
    for (const entry of this.#confirmed.values()) {
      if (this.#confirmed.size <= this.#options.maxShown) return;
      this.forget(entry);
    }
  }
}
