import { actionUpdate, groupOf, ownerOf, type Place, previewAfter, removesContent } from '@chasqui/domain';
import type { ActionToRecord } from '@chasqui/ports';
import type { KeptConversations } from './kept-conversations.ts';

/** See `ConversationStore.act`. */
export function recordAction(
  state: KeptConversations,
  { audience, ...action }: ActionToRecord,
  now: number,
): Place[] | null {
  const { conversationId, messageId, revision } = action;
  const key = `${conversationId} ${messageId}`;
  if ((state.revisions.get(key) ?? 0) >= revision) return null;
  state.revisions.set(key, revision);
  if (removesContent(action)) {
    state.attachments.drop(conversationId, messageId, now);
    state.reactions.drop(action);
  }
  for (const log of audience) {
    const group = groupOf(log);
    const shown =
      group === null ? state.entry(ownerOf(log) ?? '', conversationId) : state.groups.groups.get(group)?.group;
    if (shown?.lastMessageId === messageId) shown.preview = previewAfter(action);
  }
  if (action.action === 'edit' && action.mentions !== undefined)
    state.groups.groups.get(conversationId)?.name(messageId, action.mentions, now);
  const update = actionUpdate(action, action);
  return audience.map((log) => ({ log, position: state.log(log).append(update, now) }));
}
