import type { HybridClock } from '@chasqui/domain';
import type {
  AttachmentStore,
  ConversationStateStore,
  ConversationStore,
  GroupStore,
  ProfileStore,
  ReactionStore,
  UpdateLog,
} from '@chasqui/ports';
import { createMemoryAttachments } from '../attachments/attachments.ts';
import { createConversationStates } from './conversation-states.ts';
import { type ConversationsOptions, createConversations } from './conversations.ts';
import { createGroups } from './groups.ts';
import { KeptConversations } from './kept-conversations.ts';
import { createLogs } from './logs.ts';
import { createMemoryReactions } from './reactions.ts';

export interface MemoryConversationsOptions extends Omit<ConversationsOptions, 'state'> {
  /** State that earlier stores left. Default: empty. */
  state?: KeptConversations;
  /** For the names of members. Default: everybody is called by their id. */
  profiles?: Pick<ProfileStore, 'get'>;
  /** Names the epoch of an empty state. */
  ids: HybridClock;
}

export interface MemoryConversations {
  conversations: ConversationStore;
  groups: GroupStore;
  conversationStates: ConversationStateStore;
  logs: UpdateLog;
  attachments: AttachmentStore;
  reactions: ReactionStore;
  state: KeptConversations;
}

/** Conversations, their states, groups, logs, attachments and reactions in memory, on one state, for tests and simulations. Every call is one transaction. */
export function createMemoryConversations({
  state,
  clock,
  ids,
  profiles,
  ...options
}: MemoryConversationsOptions): MemoryConversations {
  const kept = state ?? new KeptConversations(ids.next());
  return {
    conversations: createConversations({ ...options, clock, state: kept }),
    groups: createGroups(kept, clock, profiles),
    conversationStates: createConversationStates(kept, clock),
    logs: createLogs(kept, clock),
    attachments: createMemoryAttachments(kept.attachments),
    reactions: createMemoryReactions(kept, clock),
    state: kept,
  };
}
