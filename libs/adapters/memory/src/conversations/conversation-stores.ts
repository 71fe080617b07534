import type { HybridClock } from '@chasqui/domain';
import type { ConversationStore, UpdateLog } from '@chasqui/ports';
import { ConversationState } from './conversation-state.ts';
import { type ConversationsOptions, createConversations } from './conversations.ts';
import { createLogs } from './logs.ts';

export interface MemoryConversationsOptions extends Omit<ConversationsOptions, 'state'> {
  /** State that earlier stores left. Default: empty. */
  state?: ConversationState;
  /** Names the epoch of an empty state. */
  ids: HybridClock;
}

export interface MemoryConversations {
  conversations: ConversationStore;
  logs: UpdateLog;
  state: ConversationState;
}

/** Conversations and logs in memory, on one state, for tests and simulations. Every call is one transaction. */
export function createMemoryConversations({
  state,
  clock,
  ids,
  ...options
}: MemoryConversationsOptions): MemoryConversations {
  const kept = state ?? new ConversationState(ids.next());
  return {
    conversations: createConversations({ ...options, clock, state: kept }),
    logs: createLogs(kept, clock),
    state: kept,
  };
}
