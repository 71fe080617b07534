import type { MessageId } from '@chasqui/domain';
import { Store } from '../store.ts';

/** Messages that are selected at a time, as many as are loaded. Beyond: the first ones stay. */
const MAX_SELECTED = 1_000;

/** The messages of one conversation that the user has selected, in order. While there are any, a click selects. */
export class Selection extends Store<ReadonlySet<MessageId>> {
  /** Where a range begins. */
  #last: MessageId | '' = '';

  constructor() {
    super(new Set());
  }

  /** Selects a message, or no longer. */
  toggle(messageId: MessageId): void {
    const selected = new Set(this.get());
    if (!selected.delete(messageId)) selected.add(messageId);
    this.#last = messageId;
    this.#put(selected);
  }

  /** Selects all from the message that was selected last to this one. `ids`: the messages that there are, in order. */
  extendTo(messageId: MessageId, ids: readonly MessageId[]): void {
    const [from, to] = [ids.indexOf(this.#last), ids.indexOf(messageId)].sort((a, b) => a - b);
    if (from === undefined || from < 0 || to === undefined) {
      this.toggle(messageId);
      return;
    }
    this.#last = messageId;
    this.#put(new Set([...this.get(), ...ids.slice(from, to + 1)]));
  }

  /** These are gone. */
  leaveOut(messageIds: readonly MessageId[]): void {
    if (!messageIds.some((id) => this.get().has(id))) return;
    this.#put(new Set([...this.get()].filter((id) => !messageIds.includes(id))));
  }

  clear(): void {
    this.#last = '';
    if (this.get().size > 0) this.set(new Set());
  }

  #put(selected: ReadonlySet<MessageId>): void {
    this.set(new Set([...selected].sort().slice(0, MAX_SELECTED)));
  }
}
