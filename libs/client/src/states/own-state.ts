import { type ConversationState, DEFAULT_STATE, type Position, type StateChange, withChange } from '@chasqui/domain';
import { type OpenPromise, withResolvers } from '../basics/open-promise.ts';
import type { KeptState } from '../conversations/conversation-view.ts';
import type { KeptConversation } from '../conversations/kept-conversation.ts';

const UNTOLD: KeptState = { state: DEFAULT_STATE, position: 0 };

/** A change that waits for its turn, for all who asked for a part of it. */
export interface WaitingChange extends OpenPromise<ConversationState> {
  changes: StateChange;
  /** Unix ms of the last of them. */
  at: number;
}

/**
 * A user's state of one conversation: what the server said last (`kept` of the conversation), with the user's own changes
 * upon it. At most one change is on its way, so that none overtakes another; later ones gather behind it as one.
 */
export class OwnState {
  readonly #view: Pick<KeptConversation, 'kept'>;
  #sent: WaitingChange | null = null;
  #next: WaitingChange | null = null;

  constructor(view: Pick<KeptConversation, 'kept'>) {
    this.#view = view;
  }

  get #kept(): KeptState {
    return this.#view.kept ?? UNTOLD;
  }

  shown(): ConversationState {
    const waiting = [this.#sent, this.#next].filter((change) => change !== null);
    return waiting.reduce((state, { changes, at }) => withChange(state, changes, at), this.#kept.state);
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
    const kept = this.#kept;
    const known = epoch === kept.epoch ? kept.position : 0;
    this.#view.kept = position > known ? { state, position, epoch } : { ...kept, position: known, epoch };
  }

  /** The server's state from elsewhere: stands until the inbox tells one. */
  given(state: ConversationState): void {
    if (this.#kept.position === 0) this.#view.kept = { ...this.#kept, state };
  }

  /** The user read something newer: undoes *marked unread*, unless that was set later. */
  read(position: Position | undefined): void {
    const kept = this.#kept;
    if (position !== undefined && position < kept.position) return;
    this.#view.kept = { ...kept, state: withChange(kept.state, { markedUnread: false }, kept.state.changedAt) };
  }
}
