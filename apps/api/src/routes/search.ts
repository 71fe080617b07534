import { MESSAGE_STATUSES, type MessageStatus, peerOf } from '@chasqui/domain';
import type { SearchHit } from '@chasqui/ports';
import { ConversationIdField, MessageIdField, TimeField, UserIdField } from '@chasqui/protocol';
import Type from 'typebox';
import type { ApiContext, ApiServer } from '../context.ts';
import { BEARER, MEMBER_PROBLEMS, problems } from '../http/schemas.ts';
import { PageLimitField } from './paging.ts';

const Hit = Type.Object({
  messageId: MessageIdField,
  conversationId: ConversationIdField,
  from: UserIdField,
  to: UserIdField,
  sentAt: TimeField,
  status: Type.Unsafe<MessageStatus>(Type.String({ enum: [...MESSAGE_STATUSES] })),
  text: Type.String(),
});

export function searchMessages(app: ApiServer, { search }: ApiContext): void {
  app.get(
    '/api/messages/search',
    {
      schema: {
        operationId: 'searchMessages',
        tags: ['messages'],
        summary: "Search the user's own messages, newest first",
        description:
          'A message is found when it has every word of `q`; Chinese, Japanese and Korean text by any part of two characters or more.',
        security: BEARER,
        querystring: Type.Object(
          {
            q: Type.String({
              minLength: 1,
              maxLength: 200,
              pattern: '^[^\\u0000]*$',
              description: 'What to look for.',
            }),
            conversationId: Type.Optional(ConversationIdField),
            before: Type.Optional({
              ...MessageIdField,
              description: 'Only older ones: `nextBefore` of the page before.',
            }),
            limit: Type.Optional(PageLimitField),
          },
          { additionalProperties: false },
        ),
        response: {
          200: Type.Object(
            {
              hits: Type.Array(Hit),
              nextBefore: Type.Optional({ ...MessageIdField, description: 'Absent on the last page.' }),
            },
            { description: 'A page of what was found.' },
          ),
          ...problems(...MEMBER_PROBLEMS, 403, 404),
        },
      },
    },
    async (request) => {
      const { q: text, limit = 50, ...scope } = request.query;
      const { userId } = request;
      if (scope.conversationId !== undefined) peerOf(scope.conversationId, userId);
      const hits = await search.search({ userId, text, limit, ...scope });
      const last = hits.length === limit ? hits.at(-1) : undefined;
      return { hits: hits.map(hitBody), ...(last === undefined ? {} : { nextBefore: last.messageId }) };
    },
  );
}

/** A silenced message is indexed as from and to its sender; it was meant for the other. */
function hitBody(hit: SearchHit): SearchHit {
  return hit.from === hit.to ? { ...hit, to: peerOf(hit.conversationId, hit.from) } : hit;
}
