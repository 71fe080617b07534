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
        summary: 'The number of unread messages, in total and per conversation',
        security: BEARER,
        response: {
          200: Type.Object(
            {
              total: Type.Integer({ minimum: 0 }),
              byConversation: Type.Record(Type.String(), Type.Integer({ minimum: 1 }), {
                description: 'Only conversations with unread messages.',
              }),
              position: { ...PositionField, description: 'The inbox position for which the counts are valid.' },
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
