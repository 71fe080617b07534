import { groupHead, withoutHidden } from '@chasqui/core';
import {
  CONVERSATION_ID_PATTERN,
  type ConversationState,
  DEFAULT_STATE,
  defined,
  directPeer,
  sparseState,
} from '@chasqui/domain';
import type { ConversationEntry } from '@chasqui/ports';
import Type from 'typebox';
import type { ApiContext, ApiServer } from '../context.ts';
import type { ConversationBody } from '../http/conversation-body.ts';
import { PageLimitField, pageOf, type TimePlace, timeCursor, timeCursorField, timeCursorText } from '../http/paging.ts';
import { BEARER, MEMBER_PROBLEMS, problems, shared } from '../http/schemas.ts';

const CursorField = timeCursorField(CONVERSATION_ID_PATTERN);

export function conversations(app: ApiServer, { conversations: store, conversationStates, groups }: ApiContext): void {
  app.get(
    '/api/conversations',
    {
      schema: {
        operationId: 'listConversations',
        tags: ['messages'],
        summary: "The user's conversations, direct ones and groups, the most recently active first",
        security: BEARER,
        querystring: Type.Object(
          { cursor: Type.Optional(CursorField), limit: Type.Optional(PageLimitField) },
          { additionalProperties: false },
        ),
        response: {
          200: Type.Object(
            {
              conversations: Type.Array(shared('Conversation')),
              nextCursor: Type.Optional(Type.String({ description: 'Absent on the last page.' })),
            },
            { description: 'A page of conversations.' },
          ),
          ...problems(...MEMBER_PROBLEMS),
        },
      },
    },
    async ({ userId, query: { cursor, limit = 50 } }) => {
      const before = timeCursor(cursor);
      const [entries, heads] = await Promise.all([
        store.list(userId, limit + 1, before),
        groups.heads(userId, { ...defined({ before }), limit: limit + 1 }),
      ]);
      const all = [...entries.map(directBody), ...heads.map((head) => groupOf(groupHead(head)))].sort(newerFirst);
      const { items, last } = pageOf(all, limit);
      const [states, shown] = await Promise.all([
        conversationStates.get(items.map(({ conversationId }) => ({ userId, conversationId }))),
        withoutHidden(conversationStates, userId, items.map(lastOf)),
      ]);
      return {
        conversations: items.map((item, index) =>
          withState(item, states[index] ?? DEFAULT_STATE, shown[index] === null),
        ),
        ...defined({ nextCursor: timeCursorText(last) }),
      };
    },
  );
}

/** The order of both stores' lists. */
function newerFirst(a: TimePlace, b: TimePlace): number {
  if (a.updatedAt !== b.updatedAt) return b.updatedAt - a.updatedAt;
  return a.conversationId < b.conversationId ? 1 : -1;
}

function directBody(entry: ConversationEntry): ConversationBody {
  const { userId, conversationId, lastMessageId, lastFrom, preview, unread, read, updatedAt } = entry;
  return {
    conversationId,
    ...defined({ peer: directPeer(conversationId, userId) ?? undefined, readUpTo: read.upTo || undefined }),
    lastMessage: { messageId: lastMessageId, from: lastFrom, preview },
    unread,
    updatedAt,
  };
}

function groupOf(head: ReturnType<typeof groupHead>): ConversationBody {
  const { conversationId, name, picture, memberCount, role, lastMessageId, lastFrom, preview } = head;
  const { mutedUntil, dissolvedAt, unread, mentions, updatedAt } = head;
  return {
    conversationId,
    group: { name, picture, memberCount, ...defined({ role, mutedUntil, dissolvedAt }) },
    ...(lastMessageId === undefined || lastFrom === undefined
      ? {}
      : { lastMessage: { messageId: lastMessageId, from: lastFrom, preview } }),
    unread,
    mentions,
    ...defined({ readUpTo: head.readUpTo }),
    updatedAt,
  };
}

function lastOf({ conversationId, lastMessage }: ConversationBody) {
  return lastMessage === undefined ? null : { conversationId, messageId: lastMessage.messageId };
}

function withState(body: ConversationBody, state: ConversationState, isHidden: boolean): ConversationBody {
  const set = sparseState(state);
  const { lastMessage } = body;
  const isCleared = lastMessage !== undefined && (isHidden || lastMessage.messageId <= state.clearedUpTo);
  return {
    ...body,
    ...(isCleared ? { lastMessage: { ...lastMessage, preview: '' } } : {}),
    ...(Object.keys(set).length === 0 ? {} : { state: set }),
  };
}
