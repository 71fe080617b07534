import { defined, emojiOf, ImError } from '@chasqui/domain';
import {
  ConversationIdField,
  EmojiField,
  MessageIdField,
  TimeField,
  UserCursorField,
  UserIdField,
} from '@chasqui/protocol';
import Type from 'typebox';
import type { ApiContext, ApiServer } from '../context.ts';
import { closed } from '../groups/fields.ts';
import { PageLimitField } from '../http/paging.ts';
import { BEARER, MEMBER_PROBLEMS, problems } from '../http/schemas.ts';
import { visibleMessage } from '../people/shown-messages.ts';

export function reactors(app: ApiServer, context: ApiContext): void {
  app.get(
    '/api/conversations/:conversationId/messages/:messageId/reactions',
    {
      schema: {
        operationId: 'listReactions',
        tags: ['messages'],
        summary: 'Who has reacted to a message, and with what',
        description:
          'For those who may see the message and have not left the group, in an order that does not change. A page may have fewer than `limit`, even none, while `nextCursor` says where to go on.',
        security: BEARER,
        params: Type.Object({ conversationId: ConversationIdField, messageId: MessageIdField }),
        querystring: Type.Object(
          {
            emoji: Type.Optional({ ...EmojiField, description: 'Only those who have reacted with this one.' }),
            cursor: Type.Optional(UserCursorField),
            limit: Type.Optional(PageLimitField),
          },
          closed,
        ),
        response: {
          200: Type.Object(
            {
              reactions: Type.Array(
                Type.Object({
                  userId: UserIdField,
                  emojis: Type.Array(EmojiField, { description: 'All that they have reacted with.' }),
                  at: { ...TimeField, description: 'Their last change.' },
                }),
              ),
              nextCursor: Type.Optional(Type.String({ description: 'Absent on the last page.' })),
            },
            { description: 'A page of users.' },
          ),
          ...problems(...MEMBER_PROBLEMS, 403, 404),
        },
      },
    },
    async ({ userId, params, query: { emoji: asked, cursor, limit = 50 } }) => {
      const emoji = asked === undefined ? undefined : emojiOf(asked);
      if (emoji === null) throw new ImError('invalid_request', 'emoji must be exactly one emoji', { field: 'emoji' });
      await context.access.mustBelong(params.conversationId, userId);
      const message = await visibleMessage(context, userId, params);
      const page = await context.reactions.reactors(message, { limit, ...defined({ emoji, after: cursor }) });
      const reactions = page.reactors.map(({ userId, emojis, at }) => ({ userId, emojis: [...emojis], at }));
      return { reactions, ...defined({ nextCursor: page.next ?? undefined }) };
    },
  );
}
