import { type ConversationId, defined, type MessageId, type UserId } from '@chasqui/domain';
import type { ApiContext } from '../context.ts';
import { directPages, groupPages } from '../people/conversations-of.ts';
import type { SystemRecall } from '../server/system-recall.ts';
import type { StepGuard } from './erase-person.ts';

type MessagesContext = Pick<ApiContext, 'conversations' | 'groups' | 'messages'> & {
  recalls: Pick<SystemRecall, 'recall'>;
};

/** Messages that are read and deleted together. */
const PAGE = 200;

/**
 * Deletes all messages of a user for everybody. Positions and counts stay. It looks again until it finds none, because
 * messages that were accepted before the user's sessions ended may be stored meanwhile. May be repeated.
 */
export async function eraseMessages(context: MessagesContext, userId: UserId, goOn: StepGuard): Promise<void> {
  for (let found = true; found; ) {
    found = false;
    for (const conversationId of await conversationsOf(context, userId, goOn)) {
      if (await eraseIn(context, conversationId, userId, goOn)) found = true;
    }
  }
}

/** True: there were some. */
async function eraseIn(
  { messages, recalls }: MessagesContext,
  conversationId: ConversationId,
  userId: UserId,
  goOn: StepGuard,
): Promise<boolean> {
  let found = false;
  for (let before: MessageId | undefined; ; ) {
    await goOn();
    const page = await messages.page(conversationId, { limit: PAGE, ...defined({ before }) });
    before = page.at(-1)?.messageId;
    if (before === undefined) return found;
    const own = page.filter(({ from, recalledAt }) => from === userId && recalledAt === undefined);
    if (own.length === 0) continue;
    await recalls.recall(own);
    found = true;
  }
}

/** All that the user ever wrote in. Listed whole before the first message goes: lists change their order meanwhile. */
async function conversationsOf(context: MessagesContext, userId: UserId, goOn: StepGuard): Promise<ConversationId[]> {
  const ids: ConversationId[] = [];
  for (const pages of [directPages(context, userId), groupPages(context, userId)]) {
    for await (const page of pages) {
      ids.push(...page);
      await goOn();
    }
  }
  return ids;
}
