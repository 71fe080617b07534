import { conversationOf, type MessageId, type ReceiptState, type UserId } from '@chasqui/domain';
import { type ChatMessage, laterState } from './chat-message.ts';
import { ConversationView } from './conversation-view.ts';
import type { Emitter } from './emitter.ts';
import type { ClientEvents } from './events.ts';

type Change = Partial<Omit<ChatMessage, 'peer' | 'clientMessageId' | 'mine'>>;

/** The conversations in memory, the least recently touched leaving at the bound; every change of them is an event. */
export class Timeline {
  readonly #views = new Map<UserId, ConversationView>();
  readonly #emitter: Emitter<ClientEvents>;
  readonly #limits: { maxMessages: number; maxConversations: number };
  #owner: UserId | '' = '';

  constructor(emitter: Emitter<ClientEvents>, limits: { maxMessages: number; maxConversations: number }) {
    this.#emitter = emitter;
    this.#limits = limits;
  }

  view(peer: UserId): ConversationView {
    const view = this.#views.get(peer) ?? new ConversationView(peer, this.#limits.maxMessages);
    if (view.conversationId === '' && this.#owner !== '' && peer !== this.#owner)
      view.conversationId = conversationOf(this.#owner, peer);
    this.#views.delete(peer);
    this.#views.set(peer, view);
    for (const oldest of this.#views.keys()) {
      if (this.#views.size <= this.#limits.maxConversations) break;
      this.#views.delete(oldest);
    }
    return view;
  }

  conversations(): ConversationView[] {
    return [...this.#views.values()];
  }

  /** Names the user whose conversations these are: what was written before the first login becomes that user's. */
  ownedBy(owner: UserId): void {
    this.#owner = owner;
    for (const view of this.#views.values()) {
      if (view.peer === owner) continue;
      view.conversationId = conversationOf(owner, view.peer);
      for (const message of view.messages) {
        if (message.conversationId === '') view.put({ ...message, from: owner, conversationId: view.conversationId });
      }
    }
  }

  clear(): void {
    this.#views.clear();
    this.#owner = '';
  }

  /** A message is shown for the first time. */
  show(message: ChatMessage): void {
    const index = this.view(message.peer).put(message);
    this.#emitter.emit('message', { message, index, provisional: message.provisional });
  }

  /** An own message, or one that was shown before a restart, takes its place. */
  place(message: ChatMessage): void {
    const index = this.view(message.peer).put(message);
    if (index >= 0) this.#emitter.emit('update', { message, index, previousIndex: -1 });
  }

  /** Changes one message if it is still here and anything differs. States only move forward. */
  change(peer: UserId, sortKey: string, change: Change): void {
    const view = this.view(peer);
    const old = view.find(sortKey);
    if (old === undefined) return;
    const message: ChatMessage = {
      ...old,
      ...change,
      sortKey: change.messageId || old.sortKey,
      state: change.state === undefined ? old.state : laterState(old.state, change.state),
    };
    if (Object.entries(message).every(([field, value]) => old[field as keyof ChatMessage] === value)) return;
    const previousIndex = message.sortKey === sortKey ? undefined : view.remove(sortKey);
    const index = view.put(message);
    this.#emitter.emit('update', { message, index, previousIndex: previousIndex ?? index });
  }

  /** A provisional message goes. */
  retract(peer: UserId, messageId: MessageId): void {
    const view = this.view(peer);
    const message = view.find(messageId);
    view.remove(messageId);
    this.#emitter.emit('retract', message === undefined ? { peer, messageId } : { peer, messageId, message });
  }

  /** Own messages that are named, or up to `upTo`, have come this far. */
  receipt(peer: UserId, state: ReceiptState, messageIds: readonly MessageId[], upTo: MessageId | undefined): void {
    for (const id of messageIds) if (this.view(peer).find(id)?.mine) this.change(peer, id, { state });
    if (upTo === undefined) return;
    const view = this.view(peer);
    if (upTo > view.peerReadUpTo) view.peerReadUpTo = upTo;
    for (const { mine, messageId, state: old } of view.messages) {
      if (mine && old !== state && messageId !== '' && messageId <= upTo) this.change(peer, messageId, { state });
    }
  }
}
