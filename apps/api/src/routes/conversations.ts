import {
  CONVERSATION_ID_PATTERN,
  type ConversationState,
  DEFAULT_STATE,
  directPeer,
  sparseState,
} from '@chasqui/domain';
import type { ConversationEntry } from '@chasqui/ports';
import Type from 'typebox';
import type { ApiContext, ApiServer } from '../context.ts';
import { BEARER, MEMBER_PROBLEMS, problems, shared } from '../http/schemas.ts';
import { PageLimitField, pageOf } from './paging.ts';

/** The last entry of a page: its time and its conversation. */
const CursorField = Type.String({
  pattern: `^[0-9]{1,15}\\.${CONVERSATION_ID_PATTERN.slice(1)}`,
  'x-rule': 'be `nextCursor` of the page before',
  description: '`nextCursor` of the previous page.',
});

export function conversations(app: ApiServer, { conversations: store, conversationStates }: ApiContext): void {
  app.get(
    '/api/conversations',
    {
      schema: {
        operationId: 'listConversations',
        tags: ['messages'],
        summary: "The user's conversations, the most recently active first",
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
    async (request) => {
      const { cursor, limit = 50 } = request.query;
      const entries = await store.list(request.userId, limit + 1, parseCursor(cursor));
      const { items, last } = pageOf(entries, limit);
      const states = await conversationStates.get(items);
      return {
        conversations: items.map((entry, i) => conversationBody(entry, states[i] ?? DEFAULT_STATE)),
        ...(last === undefined ? {} : { nextCursor: `${last.updatedAt}.${last.conversationId}` }),
      };
    },
  );
}

function parseCursor(cursor: string | undefined): { updatedAt: number; conversationId: string } | undefined {
  if (cursor === undefined) return undefined;
  const dot = cursor.indexOf('.');
  return { updatedAt: Number(cursor.slice(0, dot)), conversationId: cursor.slice(dot + 1) };
}

function conversationBody(entry: ConversationEntry, state: ConversationState) {
  const set = sparseState(state);
  const { userId, conversationId, lastMessageId, lastFrom, preview, unread, read, updatedAt } = entry;
  return {
    conversationId,
    peer: directPeer(conversationId, userId) ?? '',
    lastMessage: {
      messageId: lastMessageId,
      from: lastFrom,
      preview: lastMessageId > state.clearedUpTo ? preview : '',
    },
    unread,
    ...(read.upTo === '' ? {} : { readUpTo: read.upTo }),
    updatedAt,
    ...(Object.keys(set).length === 0 ? {} : { state: set }),
  };
}
