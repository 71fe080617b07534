import { isKnownUser } from '@chasqui/core';
import { type ConversationId, isGroupId, type MessageId, type StoredMessage, type UserId } from '@chasqui/domain';
import type { ApiContext } from '../context.ts';
import type { ImportLine } from '../imports/import-lines.ts';
import { directPages, groupPages } from '../people/conversations-of.ts';
import { noSuchUser, profileOf } from '../people/profiles.ts';
import {
  type ExportContext,
  exportConversation,
  type MorePerPage,
  messageLines,
  userLine,
} from './export-conversation.ts';
import { fileLines } from './exported-files.ts';
import { hideLines } from './exported-hides.ts';
import { ownReactionLines } from './exported-reactions.ts';
import { oldestFirst } from './oldest-first.ts';

/** Memberships that are read at once: more than a user may have, with those that ended of late. */
const MAX_GROUPS = 10_000;

type UserContext = ExportContext & Parameters<typeof isKnownUser>[0] & Pick<ApiContext, 'clock' | 'conversationStates'>;

export interface ExportPlace {
  /** The conversation to go on with; those before it, by their ids, are left out. */
  conversationId?: ConversationId | undefined;
  /** In it, only messages behind this one. */
  after?: MessageId | undefined;
}

/**
 * A user's data as lines that an import takes: profile, if they have one, direct conversations, what they wrote in groups, by the ids
 * of the conversations, what they deleted for themself alone, and what they reacted with in groups. Errors: `not_found`.
 */
export async function exportUser(
  context: UserContext,
  userId: UserId,
  { conversationId: from = '', after }: ExportPlace,
): Promise<AsyncGenerator<ImportLine[]>> {
  const profile = await profileOf(context, userId);
  if (profile === null && !(await isKnownUser(context, userId))) throw noSuchUser();
  const [direct, groups] = await Promise.all([allOf(directPages(context, userId)), groupsOf(context, userId)]);
  const ids = [...new Set([...direct, ...groups])].filter((id) => id >= from).sort();
  // Their own is the first line.
  const isNew = (line: ImportLine) => line.type !== 'user' || line.userId !== userId;
  async function* lines(): AsyncGenerator<ImportLine[]> {
    if (profile !== null) yield [userLine(profile)];
    for (const id of ids) {
      const behind = id === from ? after : undefined;
      if (isGroupId(id)) {
        yield* written(context, userId, id, behind);
        continue;
      }
      const hides: MorePerPage = (page) => hideLines(context, userId, page);
      for await (const page of await exportConversation(context, id, behind, hides)) yield page.filter(isNew);
    }
    yield* ownReactionLines(context, userId);
  }
  return lines();
}

async function* written(
  context: UserContext,
  userId: UserId,
  conversationId: ConversationId,
  after: MessageId | undefined,
): AsyncGenerator<ImportLine[]> {
  const isOwn = ({ from }: StoredMessage) => from === userId;
  for await (const page of oldestFirst(context.messages, conversationId, after)) {
    const own = page.filter(isOwn);
    yield await fileLines(context, own);
    yield own.flatMap((message) => messageLines(message, false));
    yield await hideLines(context, userId, page);
  }
}

/** Also groups that they left, however long ago. A group that moves to the top of the list meanwhile is among the memberships. */
async function groupsOf(context: ExportContext, userId: UserId): Promise<ConversationId[]> {
  const memberships = await context.groups.memberships(userId, MAX_GROUPS);
  return [...memberships.map(({ conversationId }) => conversationId), ...(await allOf(groupPages(context, userId)))];
}

async function allOf(pages: AsyncIterable<ConversationId[]>): Promise<ConversationId[]> {
  const ids: ConversationId[] = [];
  for await (const page of pages) ids.push(...page);
  return ids;
}
