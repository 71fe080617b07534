import { type ConversationId, type ConversationState, DEFAULT_STATE } from '@chasqui/domain';
import type { Conversation, ConversationList } from './conversation-list.ts';

export type States = ReadonlyMap<ConversationId, ConversationState>;

/**
 * The rows in the order of the list: pinned ones first, the newest pin on top, then the most recently active. Hidden ones
 * are left out until their next message; of cleared ones, nothing is shown of what was before.
 */
export function shownRows(list: ConversationList, states: States): Conversation[] {
  const rows = [...list.values()].map((row) => withState(row, states.get(row.conversationId) ?? DEFAULT_STATE));
  return rows.filter((row) => !isHidden(row)).sort(inOrder);
}

/** Whether notifications of the conversation are off now. */
export function isSilent({ notify: { level, until } }: ConversationState, now: number): boolean {
  return level === 'none' && (until === 0 || until > now);
}

function withState(row: Conversation, state: ConversationState): Conversation {
  const { last, ...others } = row;
  if (last === undefined || last.sortKey > state.clearedUpTo) return { ...row, state };
  return { ...others, state };
}

function isHidden({ last, state: { hiddenUpTo } }: Conversation): boolean {
  return hiddenUpTo !== '' && (last?.sortKey ?? '') <= hiddenUpTo;
}

function inOrder(a: Conversation, b: Conversation): number {
  const byPin = b.state.pinnedAt - a.state.pinnedAt;
  return byPin || b.updatedAt - a.updatedAt || (a.conversationId < b.conversationId ? -1 : 1);
}
