import { defined, isGroupId, type StoredMessage, SYSTEM_USER, type UserId } from '@chasqui/domain';
import type { MessageKey } from '@chasqui/ports';
import type { ApiContext } from '../context.ts';
import type { LineOf } from '../imports/import-lines.ts';

type ReactionsContext = Pick<ApiContext, 'reactions'>;

const PAGE = 500;

/** The reactions to messages, as lines. */
export async function reactionLines(
  { reactions }: ReactionsContext,
  messages: readonly StoredMessage[],
): Promise<LineOf<'reaction'>[]> {
  const seen = await reactions.seen(SYSTEM_USER, messages);
  const lines: LineOf<'reaction'>[] = [];
  for (const [index, message] of messages.entries()) {
    if (seen[index] == null || seen[index].counts.length === 0) continue;
    for (let after: UserId | undefined; ; ) {
      const page = await reactions.reactors(message, { limit: PAGE, ...defined({ after }) });
      for (const { userId, emojis, at } of page.reactors) lines.push(lineOf(message, userId, emojis, at));
      if (page.next === null) break;
      after = page.next;
    }
  }
  return lines;
}

/** What a user has reacted with in groups, as lines. */
export async function* ownReactionLines(
  { reactions }: ReactionsContext,
  userId: UserId,
): AsyncGenerator<LineOf<'reaction'>[]> {
  for (let after: MessageKey | undefined; ; ) {
    const page = await reactions.of(userId, { limit: PAGE, ...defined({ after }) });
    after = page.at(-1);
    yield page
      .filter(({ conversationId }) => isGroupId(conversationId))
      .map(({ emojis, at, ...key }) => lineOf(key, userId, emojis, at));
    if (page.length < PAGE) return;
  }
}

function lineOf(
  { conversationId, messageId }: MessageKey,
  userId: UserId,
  emojis: readonly string[],
  at: number,
): LineOf<'reaction'> {
  return { type: 'reaction', conversationId, messageId, userId, emojis: [...emojis], at };
}
