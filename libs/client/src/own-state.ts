import {
  type ConversationState,
  DEFAULT_STATE,
  defined,
  type Position,
  type StateChange,
  withChange,
} from '@chasqui/domain';
import { type OpenPromise, withResolvers } from './open-promise.ts';

/** A change that waits for its turn, for all who asked for a part of it. */
export interface WaitingChange extends OpenPromise<ConversationState> {
  changes: StateChange;
  /** Unix ms of the last of them. */
  at: number;
}

/** What the server said of it, by the update at a position of the inbox; 0: not by the inbox. */
export interface KeptState {
  state: ConversationState;
  position: Position;
  epoch?: string;
}

/**
 * A user's state of one conversation: what the server said last, with the user's own changes upon it. At most one change
 * is on its way, so that none overtakes another; later ones gather behind it as one. Pure.
 */
export class OwnState {
  #told = DEFAULT_STATE;
  /** Of the newest update that was told, in the log of this epoch; 0: none. */
  #position: Position = 0;
  #epoch: string | undefined;
  #sent: WaitingChange | null = null;
  #next: WaitingChange | null = null;

  /** Without the user's own changes upon it. */
  get kept(): KeptState {
    return { state: this.#told, position: this.#position, ...defined({ epoch: this.#epoch }) };
  }

  /** From an earlier run of the program. */
  restore({ state, position, epoch }: KeptState): void {
    this.#told = state;
    this.#position = position;
    this.#epoch = epoch;
  }

  shown(): ConversationState {
    const waiting = [this.#sent, this.#next].filter((change) => change !== null);
    return waiting.reduce((state, { changes, at }) => withChange(state, changes, at), this.#told);
  }

  add(changes: StateChange, at: number): Promise<ConversationState> {
    const next = this.#next ?? { ...withResolvers<ConversationState>(), changes, at };
    this.#next = Object.assign(next, { changes: { ...next.changes, ...changes }, at });
    return next.promise;
  }

  /** The change whose turn it is; null: none waits, or another is on its way. */
  take(): WaitingChange | null {
    if (this.#sent !== null) return null;
    this.#sent = this.#next;
    this.#next = null;
    return this.#sent;
  }

  /** The change on its way was answered, or failed: it no longer stands upon what the server says. */
  ended(): void {
    this.#sent = null;
  }

  /** The server's state as of a position. An older one than is known is ignored. */
  told(state: ConversationState, position: Position, epoch: string | undefined): void {
    if (epoch !== this.#epoch) this.#position = 0;
    this.#epoch = epoch;
    if (position <= this.#position) return;
    this.#position = position;
    this.#told = state;
  }

  /** The server's state from elsewhere: stands until the inbox tells one. */
  given(state: ConversationState): void {
    if (this.#position === 0) this.#told = state;
  }

  /** The user read something newer: undoes *marked unread*, unless that was set later. */
  read(position: Position | undefined): void {
    if (position !== undefined && position < this.#position) return;
    this.#told = withChange(this.#told, { markedUnread: false }, this.#told.changedAt);
  }
}
