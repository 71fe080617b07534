import type { HybridClock } from '@chasqui/domain';
import type { InboxStore, SessionStore } from '@chasqui/ports';
import { ConversationState } from './conversation-state.ts';
import { createInboxes } from './inboxes.ts';
import { createSessions, type SessionsOptions } from './sessions.ts';

export interface MemoryConversationsOptions extends Omit<SessionsOptions, 'state'> {
  /** What earlier stores left, to go on with. Default: empty. */
  state?: ConversationState;
  /** Names the epoch of an empty one. */
  ids: HybridClock;
}

export interface MemoryConversations {
  sessions: SessionStore;
  inboxes: InboxStore;
  state: ConversationState;
}

/** Sessions and inboxes in memory, on one state: for tests and simulations. Every call is one transaction. */
export function createMemoryConversations({
  state,
  clock,
  ids,
  ...options
}: MemoryConversationsOptions): MemoryConversations {
  const kept = state ?? new ConversationState(ids.next());
  return {
    sessions: createSessions({ ...options, clock, state: kept }),
    inboxes: createInboxes(kept, clock),
    state: kept,
  };
}
