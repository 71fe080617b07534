import type { StoredMessage, UserId } from '@chasqui/domain';
import type { ApiContext } from '../context.ts';
import type { LineOf } from '../imports/import-lines.ts';

/** Messages of one line. */
const MAX_IDS = 100;

/** What a user has deleted for themself alone among messages of one conversation. */
export async function hideLines(
  { conversationStates }: Pick<ApiContext, 'conversationStates'>,
  userId: UserId,
  messages: readonly StoredMessage[],
): Promise<LineOf<'hide'>[]> {
  const [first] = messages;
  if (first === undefined) return [];
  const there = messages.filter(({ recalledAt }) => recalledAt === undefined);
  const isHidden = await conversationStates.hiddenAmong(userId, there);
  const ids = there.filter((_, place) => isHidden[place]).map(({ messageId }) => messageId);
  const lines: LineOf<'hide'>[] = [];
  for (let from = 0; from < ids.length; from += MAX_IDS) {
    const messageIds = ids.slice(from, from + MAX_IDS);
    lines.push({ type: 'hide', conversationId: first.conversationId, userId, messageIds });
  }
  return lines;
}
