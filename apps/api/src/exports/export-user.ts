import type { ConversationId, MessageId, StoredMessage, UserId } from '@chasqui/domain';
import type { ApiContext } from '../context.ts';
import type { ImportLine } from '../imports/import-lines.ts';
import { knownProfile } from '../people/profiles.ts';
import { type ExportContext, exportConversation, messageLines, userLine } from './export-conversation.ts';
import { oldestFirst } from './oldest-first.ts';

const PAGE = 500;
/** Groups of one user that are exported: more than a user may be in, with those that they left of late. */
const MAX_GROUPS = 10_000;

export interface ExportPlace {
  /** The conversation to go on with; those before it, by their ids, are left out. */
  conversationId?: ConversationId | undefined;
  /** In it, only messages behind this one. */
  after?: MessageId | undefined;
}

/**
 * A user's data as lines that an import takes: profile, direct conversations, and what they wrote in groups, by the ids
 * of the conversations. Errors: `not_found`.
 */
export async function exportUser(
  context: ExportContext & Pick<ApiContext, 'users' | 'clock'>,
  userId: UserId,
  { conversationId: from = '', after }: ExportPlace,
): Promise<AsyncGenerator<ImportLine[]>> {
  const profile = await knownProfile(context, userId);
  const [direct, groups] = await Promise.all([directOf(context, userId), groupsOf(context, userId)]);
  const isGroup = new Set(groups);
  const ids = [...direct, ...groups].filter((id) => id >= from).sort();
  async function* lines(): AsyncGenerator<ImportLine[]> {
    yield [userLine(profile)];
    for (const id of ids) {
      const behind = id === from ? after : undefined;
      if (!isGroup.has(id)) yield* await exportConversation(context, id, behind);
      else yield* written(context, userId, id, behind);
    }
  }
  return lines();
}

async function* written(
  { messages }: ExportContext,
  userId: UserId,
  conversationId: ConversationId,
  after: MessageId | undefined,
): AsyncGenerator<ImportLine[]> {
  const isOwn = ({ from }: StoredMessage) => from === userId;
  for await (const page of oldestFirst(messages, conversationId, after)) {
    yield page.filter(isOwn).flatMap((message) => messageLines(message, false));
  }
}

async function directOf({ conversations }: ExportContext, userId: UserId): Promise<ConversationId[]> {
  const ids = new Set<ConversationId>();
  let page = await conversations.list(userId, PAGE);
  while (page.length > 0) {
    for (const { conversationId } of page) ids.add(conversationId);
    page = page.length < PAGE ? [] : await conversations.list(userId, PAGE, page.at(-1));
  }
  return [...ids];
}

async function groupsOf({ groups }: ExportContext, userId: UserId): Promise<ConversationId[]> {
  return (await groups.memberships(userId, MAX_GROUPS)).map(({ conversationId }) => conversationId);
}
