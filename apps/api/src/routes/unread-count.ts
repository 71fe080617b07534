import { readUnread } from '@chasqui/core';
import { PositionField } from '@chasqui/protocol';
import Type from 'typebox';
import type { ApiContext, ApiServer } from '../context.ts';
import { BEARER, MEMBER_PROBLEMS, problems } from '../http/schemas.ts';

export function unreadCount(app: ApiServer, { conversations, unreadCache: cache }: ApiContext): void {
  app.get(
    '/api/messages/unread-count',
    {
      schema: {
        operationId: 'countUnread',
        tags: ['messages'],
        summary: 'How many messages wait to be read, in total and per conversation',
        security: BEARER,
        response: {
          200: Type.Object(
            {
              total: Type.Integer({ minimum: 0 }),
              byConversation: Type.Record(Type.String(), Type.Integer({ minimum: 1 }), {
                description: 'Conversations with nothing unread are left out.',
              }),
              position: { ...PositionField, description: 'The inbox position of which the counts are true.' },
            },
            { description: 'The exact counts.' },
          ),
          ...problems(...MEMBER_PROBLEMS),
        },
      },
    },
    async ({ userId }) => {
      const { total, byConversation, position } = await readUnread({ conversations, cache }, userId);
      return { total, byConversation, position };
    },
  );
}
