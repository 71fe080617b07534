import { type ConversationId, defined, type Group, type UserId } from '@chasqui/domain';
import type { ApiContext } from '../context.ts';

/** Conversations that are listed together. */
const PAGE = 500;

/** The ids of a user's direct conversations, page by page. Lists change their order meanwhile: an id may come twice. */
export async function* directPages(
  { conversations }: Pick<ApiContext, 'conversations'>,
  userId: UserId,
): AsyncGenerator<ConversationId[]> {
  for (let before: { updatedAt: number; conversationId: ConversationId } | undefined; ; ) {
    const page = await conversations.list(userId, PAGE, before);
    yield page.map(({ conversationId }) => conversationId);
    before = page.at(-1);
    if (page.length < PAGE) return;
  }
}

/** The same of the groups that the user is or was in, also of those that no list shows any more. */
export async function* groupPages(
  { groups }: Pick<ApiContext, 'groups'>,
  userId: UserId,
): AsyncGenerator<ConversationId[]> {
  for (let before: Group | undefined; ; ) {
    const page = await groups.heads(userId, { limit: PAGE, unlisted: true, ...defined({ before }) });
    yield page.map(({ group }) => group.conversationId);
    before = page.at(-1)?.group;
    if (page.length < PAGE) return;
  }
}
