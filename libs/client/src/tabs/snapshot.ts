import type { ConversationId, ConversationState, MessageId, UserId } from '@chasqui/domain';
import type { ChatMessage } from '../conversations/chat-message.ts';
import type { ConversationView, WithState } from '../conversations/conversation-view.ts';
import { keyOf } from '../conversations/direct.ts';
import type { ClientState } from '../events.ts';
import type { GroupHead, Notice } from '../groups/group-news.ts';
import type { LedClient } from './calls.ts';
import { isSettled } from './is-settled.ts';
import { errorToWire, type WireError } from './wire-error.ts';

/** Conversations of which a tab gets `MESSAGES` when it begins to follow; of the others it gets the newest message. */
const CONVERSATIONS = 50;
const MESSAGES = 20;

/** The newest stored message that a tab has, by the key of the conversation. */
export type KnownKeys = { readonly [conversation: string]: string };

/** Where a conversation ends, in the leader's memory. */
export interface ConversationPart {
  conversationId: ConversationId | '';
  peer: UserId;
  readUpTo: MessageId | '';
  peerReadUpTo: MessageId | '';
  /** Absent: the client has no states. */
  state?: ConversationState | undefined;
  /** From the newest that the tab knows or before it, as far as the leader has them, and all that are not settled. */
  messages: readonly ChatMessage[];
}

/** What is known of an open group beside its messages. */
export interface GroupPart {
  conversationId: ConversationId;
  notices: readonly Notice[];
  readMarks: readonly (readonly [UserId, MessageId])[];
}

/** What a tab needs to go on with the leader's events. */
export interface Snapshot {
  state: ClientState;
  storageError: WireError | undefined;
  conversations: readonly ConversationPart[];
  heads: readonly GroupHead[];
  groups: readonly GroupPart[];
}

export function snapshotOf(client: LedClient, known: KnownKeys, open: Iterable<ConversationId>): Snapshot {
  const views = client.conversations();
  const used = views.length - CONVERSATIONS;
  return {
    state: client.state,
    storageError: client.storageError && errorToWire(client.storageError),
    conversations: views.map((view, i) => conversationPart(view, known, i >= used ? MESSAGES : 1)),
    heads: (client.groups?.() ?? []).flatMap(({ head }) => (head === undefined ? [] : [head])),
    groups: [...open].map((group) => groupPart(client, group)),
  };
}

/** The same for one group alone. */
export function groupSnapshot(client: LedClient, group: ConversationId): Snapshot {
  const view = client.conversation({ conversationId: group });
  return {
    state: client.state,
    storageError: client.storageError && errorToWire(client.storageError),
    conversations: [conversationPart(view, {}, view.messages.length)],
    heads: [],
    groups: [groupPart(client, group)],
  };
}

function conversationPart(
  view: ConversationView & Partial<WithState>,
  known: KnownKeys,
  atLeast: number,
): ConversationPart {
  const { conversationId, peer, readUpTo, peerReadUpTo, state, messages } = view;
  const from = messages.length - atLeast;
  const last = known[keyOf(view)];
  const isWanted = (message: ChatMessage, i: number) =>
    i >= from || !isSettled(message) || (last !== undefined && message.sortKey >= last);
  return { conversationId, peer, readUpTo, peerReadUpTo, state, messages: messages.filter(isWanted) };
}

function groupPart(client: LedClient, conversationId: ConversationId): GroupPart {
  const { notices = [], readMarks = [] } = client.group?.(conversationId) ?? {};
  return { conversationId, notices, readMarks: [...readMarks] };
}
