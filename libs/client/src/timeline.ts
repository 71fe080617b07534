import { conversationOf, type MessageId, type ReceiptState, type UserId } from '@chasqui/domain';
import { type ChatMessage, laterState } from './chat-message.ts';
import { ConversationView } from './conversation-view.ts';
import type { Emitter } from './emitter.ts';
import type { ClientEvents } from './events.ts';
import type { ClientLimits } from './limits.ts';

type Bounds = Pick<ClientLimits, 'maxMessages' | 'maxConversations' | 'maxKeptCharacters'>;
type Change = Partial<Omit<ChatMessage, 'peer' | 'clientMessageId' | 'mine'>>;

/** The conversations in memory, the least recently touched leaving at the bound; every change of them is an event. */
export class Timeline {
  readonly #views = new Map<UserId, ConversationView>();
  readonly #emitter: Emitter<ClientEvents>;
  readonly #limits: Bounds;
  /** Characters in all of the views. */
  #kept = 0;
  #owner: UserId | '' = '';

  constructor(emitter: Emitter<ClientEvents>, limits: Bounds) {
    this.#emitter = emitter;
    this.#limits = limits;
  }

  view(peer: UserId): ConversationView {
    const view = this.#views.get(peer) ?? new ConversationView(peer, this.#limits.maxMessages);
    if (view.conversationId === '' && this.#owner !== '' && peer !== this.#owner)
      view.conversationId = conversationOf(this.#owner, peer);
    this.#views.delete(peer);
    this.#views.set(peer, view);
    this.#shed();
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
    this.#kept = 0;
    this.#owner = '';
  }

  /** A message is shown for the first time. */
  show(message: ChatMessage): void {
    const index = this.#put(this.view(message.peer), message);
    this.#emitter.emit('message', { message, index, provisional: message.provisional });
  }

  /** An own message, or one that was shown before a restart, takes its place. */
  place(message: ChatMessage): void {
    const index = this.#put(this.view(message.peer), message);
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
    const previousIndex = message.sortKey === sortKey ? undefined : this.#remove(view, sortKey);
    const index = this.#put(view, message);
    this.#emitter.emit('update', { message, index, previousIndex: previousIndex ?? index });
  }

  /** A provisional message goes. */
  retract(peer: UserId, messageId: MessageId): void {
    const view = this.view(peer);
    const message = view.find(messageId);
    this.#remove(view, messageId);
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

  #put(view: ConversationView, message: ChatMessage): number {
    const before = view.characters;
    const index = view.put(message);
    this.#kept += view.characters - before;
    this.#shed();
    return index;
  }

  #remove(view: ConversationView, sortKey: string): number {
    const before = view.characters;
    const index = view.remove(sortKey);
    this.#kept += view.characters - before;
    return index;
  }

  /** The conversation in use is the last, and stays. */
  #shed(): void {
    const { maxConversations, maxKeptCharacters } = this.#limits;
    for (const [peer, { characters }] of this.#views) {
      const fits = this.#views.size <= maxConversations && this.#kept <= maxKeptCharacters;
      if (fits || this.#views.size === 1) break;
      this.#views.delete(peer);
      this.#kept -= characters;
    }
  }
}
