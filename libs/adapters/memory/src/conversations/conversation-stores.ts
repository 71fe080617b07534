import type { HybridClock } from '@chasqui/domain';
import type { InboxStore, SessionStore } from '@chasqui/ports';
import { LedgerState } from './conversation-state.ts';
import { createInboxes } from './inboxes.ts';
import { createSessions, type SessionsOptions } from './sessions.ts';

export interface MemoryLedgerOptions extends Omit<SessionsOptions, 'state'> {
  /** What an earlier ledger left, to go on with; a new one is empty. */
  state?: LedgerState;
  /** Names the log of a new one. */
  ids: HybridClock;
}

export interface MemoryLedger {
  sessions: SessionStore;
  inboxes: InboxStore;
  state: LedgerState;
}

/** Sessions and inboxes in memory, on one state: for tests and simulations. Every call is one transaction. */
export function createMemoryLedger({ state, clock, ids, ...options }: MemoryLedgerOptions): MemoryLedger {
  const kept = state ?? new LedgerState(ids.next());
  return {
    sessions: createSessions({ ...options, clock, state: kept }),
    inboxes: createInboxes(kept, clock),
    state: kept,
  };
}
