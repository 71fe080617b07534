import {
  type ConversationId,
  defined,
  directUsers,
  type Group,
  isGroupId,
  type MessageId,
  type Profile,
  receiversOf,
  type StoredMessage,
  type UserId,
} from '@chasqui/domain';
import type { ApiContext } from '../context.ts';
import type { ImportLine, LineOf } from '../imports/import-lines.ts';
import { mustHaveBegun, noConversation } from '../people/begun-conversations.ts';
import { fileLines } from './exported-files.ts';
import { type ExportedMember, membersOf } from './exported-members.ts';
import { reactionLines } from './exported-reactions.ts';
import { oldestFirst } from './oldest-first.ts';

export type ExportContext = Pick<
  ApiContext,
  'attachments' | 'conversations' | 'groups' | 'messages' | 'profiles' | 'reactions'
>;

/** Further lines behind each page of messages. */
export type MorePerPage = (page: readonly StoredMessage[]) => Promise<ImportLine[]>;

const NONE = '';

/**
 * A conversation as lines that an import takes: its users, the group, then members, messages with their files and reactions in their order, and how
 * far each member of a group has read. `after`: only messages behind this one. Errors: `not_found`.
 */
export async function exportConversation(
  context: ExportContext,
  conversationId: ConversationId,
  after?: MessageId,
  more: MorePerPage = async () => [],
): Promise<AsyncGenerator<ImportLine[]>> {
  if (!isGroupId(conversationId)) {
    const users = directUsers(conversationId);
    if (users === null) throw noConversation();
    await mustHaveBegun(context, conversationId, users);
    return directLines(context, { conversationId, users, after, more });
  }
  const [group] = await context.groups.groups([conversationId]);
  if (group == null) throw noConversation();
  return groupLines(context, group, after);
}

async function* directLines(
  context: ExportContext,
  asked: { conversationId: ConversationId; users: readonly UserId[]; after: MessageId | undefined; more: MorePerPage },
): AsyncGenerator<ImportLine[]> {
  const { conversationId, users, after, more } = asked;
  const { conversations, messages } = context;
  yield await userLines(context, users);
  const entries = await conversations.entries(users.map((userId) => ({ userId, conversationId })));
  const marks = new Map(users.map((userId, place) => [userId, entries[place]?.read.upTo ?? NONE]));
  for await (const page of oldestFirst(messages, conversationId, after)) {
    yield await fileLines(
      context,
      page.filter((message) => receiversOf(message).length > 0),
    );
    yield page.flatMap((message): ImportLine[] => {
      const [receiver] = receiversOf(message);
      // Of a message that a silent block kept from its receiver, an import would tell them.
      if (receiver === undefined) return [];
      return messageLines(message, message.messageId > (marks.get(receiver) ?? NONE));
    });
    yield await reactionLines(context, page);
    yield await more(page);
  }
}

async function* groupLines(
  context: ExportContext,
  group: Group,
  after: MessageId | undefined,
): AsyncGenerator<ImportLine[]> {
  const { conversationId, owner, name, description, picture, settings, createdAt } = group;
  const members = await membersOf(context, conversationId);
  const others = members.filter(({ userId }) => userId !== owner);
  for (let start = 0; start < members.length; start += PAGE) {
    yield await userLines(
      context,
      members.slice(start, start + PAGE).map(({ userId }) => userId),
    );
  }
  yield [{ type: 'group', conversationId, owner, name, description, picture, settings, createdAt }];
  // Everybody has read up to here.
  const readByAll = members.map(({ read }) => read).sort()[0] ?? NONE;
  let added = 0;
  const joined = (before: MessageId): ImportLine[] => {
    const from = added;
    while (added < others.length && (others[added] as ExportedMember).afterId < before) added++;
    return others.slice(from, added).map(({ userId, role, joinedAt }) => ({
      ...{ type: 'members', conversationId, users: [userId], joinedAt },
      ...(role === 'admin' ? { role } : {}),
    }));
  };
  for await (const page of oldestFirst(context.messages, conversationId, after)) {
    yield await fileLines(context, page);
    yield page.flatMap((message) => [
      ...joined(message.messageId),
      ...messageLines(message, message.messageId > readByAll),
    ]);
    yield await reactionLines(context, page);
  }
  yield joined(BEYOND);
  yield members
    .filter(({ read }) => read > readByAll)
    .map(({ userId, read: upTo }) => ({ type: 'read', conversationId, userId, upTo }));
}

/** Sorts behind every id. */
const BEYOND = 'g';
const PAGE = 500;

async function userLines({ profiles }: ExportContext, userIds: readonly UserId[]): Promise<ImportLine[]> {
  return (await profiles.get(userIds)).flatMap((profile) => (profile === null ? [] : [userLine(profile)]));
}

export function userLine({ userId, displayName, avatar, locale, bot }: Profile): LineOf<'user'> {
  return { type: 'user', userId, displayName, avatar, locale, ...defined({ bot }) };
}

/** None for a message that was recalled. */
export function messageLines(message: StoredMessage, unread: boolean): LineOf<'message'>[] {
  const { messageId, conversationId, from, clientMessageId, sentAt, content, mentions, replyTo, recalledAt } = message;
  const { forwarded, editedAt } = message;
  if (recalledAt !== undefined) return [];
  const line = { type: 'message', messageId, conversationId, from, clientMessageId, sentAt, content } as const;
  return [
    {
      ...line,
      ...(mentions === undefined ? {} : { mentions: mentions === 'all' ? mentions : [...mentions] }),
      ...defined({ replyTo, forwarded, editedAt, unread: unread || undefined }),
    },
  ];
}
