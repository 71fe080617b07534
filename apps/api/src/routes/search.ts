import { defined, MESSAGE_STATUSES, type MessageStatus } from '@chasqui/domain';
import { ConversationIdField, MessageIdField, TimeField, UserIdField } from '@chasqui/protocol';
import Type from 'typebox';
import type { ApiContext, ApiServer } from '../context.ts';
import { PageLimitField } from '../http/paging.ts';
import { BEARER, MEMBER_PROBLEMS, NO_NUL, problems } from '../http/schemas.ts';
import { findMessages } from '../people/find-messages.ts';
import { withStatus } from '../search/hit-status.ts';
import { firstIdOf, lastIdBefore, PlaceField, placeOf, placeText } from '../search/places.ts';

/** The greatest time that a message id has room for. */
const MAX_TIME = 2 ** 48 - 1;

const Hit = Type.Object({
  messageId: MessageIdField,
  conversationId: ConversationIdField,
  from: UserIdField,
  to: Type.Optional({ ...UserIdField, description: 'Only in direct conversations.' }),
  sentAt: TimeField,
  status: Type.Unsafe<MessageStatus>(Type.String({ enum: [...MESSAGE_STATUSES] })),
  text: Type.String(),
});

export function searchMessages(app: ApiServer, context: ApiContext): void {
  app.get(
    '/api/messages/search',
    {
      schema: {
        operationId: 'searchMessages',
        tags: ['messages'],
        summary: 'Search the messages that the user may see',
        description:
          'A message is found when it has every word of `q`, whatever the case, accents and vowel signs; the last word may be the beginning of a longer one. Text of scripts without spaces (Chinese, Japanese, Thai and others) and Korean is found by any part of two characters or more. Messages with exactly these words, including accents, come first, then the others, each newest first.',
        security: BEARER,
        querystring: Type.Object(
          {
            q: Type.String({
              minLength: 1,
              maxLength: 200,
              ...NO_NUL,
              description: 'The query.',
            }),
            conversationId: Type.Optional(ConversationIdField),
            from: Type.Optional({ ...UserIdField, description: 'Only messages of this user.' }),
            since: Type.Optional({
              ...TimeField,
              maximum: MAX_TIME,
              description: 'Only messages of this time or later.',
            }),
            until: Type.Optional({
              ...TimeField,
              maximum: MAX_TIME,
              description: 'Only messages from before this time.',
            }),
            before: Type.Optional({
              ...PlaceField,
              description: '`nextBefore` of the previous page: returns the hits that follow.',
            }),
            limit: Type.Optional(PageLimitField),
          },
          { additionalProperties: false },
        ),
        response: {
          200: Type.Object(
            {
              hits: Type.Array(Hit),
              nextBefore: Type.Optional({ ...PlaceField, description: 'Absent on the last page.' }),
            },
            { description: 'A page of hits.' },
          ),
          ...problems(...MEMBER_PROBLEMS, 403, 404),
        },
      },
    },
    async (request) => {
      const { q: text, limit = 50, before, conversationId, from, since = 0, until } = request.query;
      const { userId } = request;
      if (conversationId !== undefined) await context.access.mustHaveBelonged(conversationId, userId);
      const scope = defined({
        conversationId,
        from,
        above: since === 0 ? undefined : lastIdBefore(since),
        below: until === undefined ? undefined : firstIdOf(until),
        after: before === undefined ? undefined : placeOf(before),
      });
      const { items, last } = await findMessages(context, userId, { text, limit, ...scope });
      const hits = await withStatus(context, items);
      return { hits, ...(last === undefined ? {} : { nextBefore: placeText(last) }) };
    },
  );
}
