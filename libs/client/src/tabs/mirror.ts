import { BoundedMap, type Clock, type ConversationId, type MessageId, type UserId } from '@chasqui/domain';
import type { Emitter } from '../basics/emitter.ts';
import { serverError } from '../connection/server-error.ts';
import { type ChatMessage, stateRank } from '../conversations/chat-message.ts';
import { type ConversationKey, keyOf } from '../conversations/direct.ts';
import { type KeptConversation, withState } from '../conversations/kept-conversation.ts';
import type { Core } from '../core.ts';
import type { ClientState, GroupEvents, MessageShown } from '../events.ts';
import type { GroupHead, Notice } from '../groups/group-news.ts';
import { forgetMessages } from '../timeline/forget-messages.ts';
import { Timeline } from '../timeline/timeline.ts';
import { isSettled } from './is-settled.ts';
import type { ConversationPart, GroupPart, KnownKeys, Snapshot } from './snapshot.ts';
import type { NamedEvent } from './wire-event.ts';

/** Groups whose notices and marks are kept: more than can be open. */
const MAX_GROUPS = 40;
/** Marks kept of a group: no larger one tells them. */
const MAX_MARKS = 100;

/**
 * Of an own message that this tab still asks for, also of the next leader: the key under which it is shown while no leader
 * has it.
 */
export type OwnKey = (clientMessageId: string) => string | undefined;

/** What is known of an open group beside its messages. */
export interface GroupNews {
  notices: readonly Notice[];
  marks: BoundedMap<UserId, MessageId>;
}

/**
 * What one tab has of the leader's client, kept up to date by its events: a message is told as one once, whichever leader
 * tells it. It stays when the leader changes.
 */
export class Mirror {
  readonly userId: UserId;
  readonly timeline: Timeline;
  readonly heads: BoundedMap<ConversationId, GroupHead>;
  readonly #groups = new BoundedMap<ConversationId, GroupNews>(MAX_GROUPS);
  readonly #emitter: Emitter<GroupEvents>;
  readonly #limits: Core['limits'];
  readonly #clock: Clock;
  state: ClientState = 'closed';
  storageError: GroupEvents['storage']['error'];

  constructor(emitter: Emitter<GroupEvents>, limits: Core['limits'], clock: Clock, userId: UserId) {
    this.#emitter = emitter;
    this.#limits = limits;
    this.#clock = clock;
    this.userId = userId;
    this.timeline = new Timeline(emitter, limits);
    this.timeline.ownedBy(userId);
    this.heads = new BoundedMap(limits.maxGroups);
  }

  group(group: ConversationId): GroupNews | undefined {
    return this.#groups.get(group);
  }

  /** Most recently updated first. */
  groups(): ConversationId[] {
    const heads = [...this.heads.values()].sort(
      (a, b) => b.updatedAt - a.updatedAt || (a.conversationId < b.conversationId ? 1 : -1),
    );
    return heads.map(({ conversationId }) => conversationId);
  }

  /** What the leader's next snapshot shall join on to. */
  known(): KnownKeys {
    const newest = (view: KeptConversation) => view.messages.findLast(isSettled)?.sortKey;
    const all = this.timeline.conversations().map((view) => [keyOf(view), newest(view)]);
    return Object.fromEntries(all.filter(([, last]) => last !== undefined));
  }

  apply(named: NamedEvent): void {
    if (named.name === 'message') this.#shown(named.event);
    else if (named.name === 'update') this.#put(named.event.message, false);
    else if (named.name === 'retract') this.timeline.retract(keyOf(named.event), named.event.messageId);
    else {
      this.#note(named);
      this.#emit(named);
    }
  }

  learn(snapshot: Snapshot, ownKey: OwnKey): void {
    const others = new Set(this.timeline.conversations());
    for (const part of snapshot.conversations) others.delete(this.timeline.view(keyOf(part)));
    for (const view of others) this.#withdraw(view, [], ownKey);
    const listed = new Set(snapshot.heads.map(({ conversationId }) => conversationId));
    for (const [conversationId] of [...this.heads]) {
      if (!listed.has(conversationId)) this.apply({ name: 'group', event: { conversationId, head: undefined } });
    }
    this.learnPart(snapshot, ownKey);
  }

  /** The same of a snapshot that does not have all conversations. */
  learnPart({ state, storageError, conversations, heads, groups }: Snapshot, ownKey: OwnKey): void {
    for (const part of conversations) this.#reconcile(part, ownKey);
    for (const head of heads.toReversed()) {
      if (!isSame(head, this.heads.get(head.conversationId))) {
        this.apply({ name: 'group', event: { conversationId: head.conversationId, head } });
      }
    }
    for (const part of groups) this.#learnGroup(part);
    if (storageError?.message !== this.storageError?.message) {
      this.apply({ name: 'storage', event: { error: storageError && serverError(storageError) } });
    }
    if (state !== this.state) this.apply({ name: 'state', event: { state } });
  }

  /** An own message that the leader has not shown yet. */
  place(message: ChatMessage): void {
    this.timeline.place(message);
  }

  /** The leader has refused an own message without showing it. */
  refused(to: ConversationKey, clientMessageId: string, refusal: ChatMessage['refusal']): void {
    const view = this.timeline.with(to);
    const message = view.messages.findLast((each) => each.mine && each.clientMessageId === clientMessageId);
    if (message?.state !== 'sending' || refusal === undefined) return;
    this.timeline.change(keyOf(view), message.sortKey, { state: 'failed', refusal });
  }

  #note(named: NamedEvent): void {
    if (named.name === 'state') this.state = named.event.state;
    else if (named.name === 'storage') this.storageError = named.event.error;
    else if (named.name === 'group') this.#headIs(named.event);
    else if (named.name === 'read') this.timeline.of(named.event.conversationId).readUpTo = named.event.upTo;
    else if (named.name === 'conversation_state') this.timeline.view(keyOf(named.event)).state = named.event.state;
    else if (named.name === 'notice') this.#noted(named.event);
    else if (named.name === 'readMark')
      this.#of(named.event.conversationId).marks.set(named.event.by, named.event.upTo);
    else if (named.name === 'receipt' && named.event.upTo !== undefined) {
      this.#peerHasRead(this.timeline.of(named.event.conversationId), named.event.upTo);
    }
  }

  #headIs({ conversationId, head }: GroupEvents['group']): void {
    if (head === undefined) this.heads.delete(conversationId);
    else this.heads.set(conversationId, head);
  }

  #peerHasRead(view: KeptConversation, upTo: MessageId | ''): void {
    if (upTo > view.peerReadUpTo) view.peerReadUpTo = upTo;
  }

  #noted(notice: Notice): void {
    const group = this.#of(notice.conversationId);
    const place = ({ position = Number.POSITIVE_INFINITY }: Notice) => position;
    const others = group.notices.filter((each) => each.version !== notice.version || each.notice !== notice.notice);
    group.notices = [...others, notice].sort((a, b) => place(a) - place(b)).slice(-this.#limits.maxNotices);
  }

  #learnGroup({ conversationId, notices, readMarks }: GroupPart): void {
    const known = new Set(this.#of(conversationId).notices.map((notice) => JSON.stringify(notice)));
    for (const notice of notices) {
      if (!known.has(JSON.stringify(notice))) this.apply({ name: 'notice', event: notice });
    }
    for (const [by, upTo] of readMarks) this.#of(conversationId).marks.set(by, upTo);
  }

  #reconcile(part: ConversationPart, ownKey: OwnKey): void {
    const { conversationId, peer, readUpTo, peerReadUpTo, state, messages } = part;
    if (conversationId === '') return;
    const key = keyOf(part);
    const view = this.timeline.view(key);
    this.#withdraw(view, messages, ownKey);
    const newest = view.messages.findLast(isSettled)?.sortKey ?? '';
    const [first] = messages.filter(isSettled);
    // What is between was not told to this tab: the history has it.
    if (newest !== '' && first !== undefined && first.sortKey > newest) this.#forget(key, first.sortKey);
    this.#peerHasRead(view, peerReadUpTo);
    const oldest = oldestOf(view);
    for (const message of messages) {
      const known = find(view, message);
      if (known === undefined ? message.sortKey > oldest : !isSame(known, message)) this.#put(message, false);
    }
    if (readUpTo > view.readUpTo) {
      this.apply({ name: 'read', event: { peer, conversationId, upTo: readUpTo, at: this.#clock.now() } });
    }
    if (state !== undefined && !isSame(state, withState(view).state)) {
      this.apply({ name: 'conversation_state', event: { peer, conversationId, state } });
    }
  }

  /** What a former leader showed and this one does not know. If the log has it, it brings it again. */
  #withdraw(view: KeptConversation, messages: readonly ChatMessage[], ownKey: OwnKey): void {
    for (const message of view.messages) {
      const { mine, clientMessageId, messageId, state, sortKey } = message;
      if (isSettled(message) || state === 'failed' || messages.some((each) => isSameMessage(each, message))) continue;
      const own = mine ? ownKey(clientMessageId) : undefined;
      if (own === undefined) this.timeline.retract(keyOf(view), sortKey);
      else if (messageId === '') this.timeline.change(keyOf(view), sortKey, { sortKey: own });
    }
  }

  /** The leader has nothing before a message at 0: what it had does not join on, or was not known to it. */
  #shown({ message, index }: MessageShown): void {
    const isKnown = find(this.timeline.view(keyOf(message)), message) !== undefined;
    if (index === 0 && !isKnown) this.#forget(keyOf(message), message.sortKey);
    this.#put(message, true);
  }

  #forget(key: ConversationKey, below: string): void {
    forgetMessages(this.timeline, key, (message) => isSettled(message) && message.sortKey < below);
  }

  #put(message: ChatMessage, isNew: boolean): void {
    const view = this.timeline.view(keyOf(message));
    const known = find(view, message);
    if (known !== undefined) {
      // An own one that is asked for again has come further already.
      if (stateRank(message.state) >= stateRank(known.state) || message.messageId !== '') {
        this.timeline.change(keyOf(view), known.sortKey, message);
      }
      return;
    }
    const isOlder = message.sortKey < oldestOf(view);
    if (isNew || (!message.mine && !isOlder)) this.timeline.show(message);
    else if (isOlder) this.#emitter.emit('update', { message, index: -1, previousIndex: -1 });
    else this.timeline.place(message);
  }

  #of(group: ConversationId): GroupNews {
    const news = this.#groups.use(group) ?? { notices: [], marks: new BoundedMap(MAX_MARKS) };
    this.#groups.set(group, news);
    return news;
  }

  #emit<N extends keyof GroupEvents>({ name, event }: NamedEvent<N>): void {
    this.#emitter.emit(name, event);
  }
}

/** The key of the first message that the log has; empty: there is none. */
function oldestOf(view: KeptConversation): string {
  return view.messages.find(isSettled)?.sortKey ?? '';
}

function find(view: KeptConversation, message: ChatMessage): ChatMessage | undefined {
  return view.messages.findLast((each) => isSameMessage(each, message));
}

function isSameMessage(a: ChatMessage, b: ChatMessage): boolean {
  return a.clientMessageId === b.clientMessageId && a.mine === b.mine && (a.mine || a.from === b.from);
}

function isSame(a: object, b: object | undefined): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
