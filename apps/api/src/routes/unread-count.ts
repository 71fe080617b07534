import { readUnread } from '@chasqui/core';
import { PositionField } from '@chasqui/protocol';
import Type from 'typebox';
import type { ApiContext, ApiServer } from '../context.ts';
import { BEARER, MEMBER_PROBLEMS, problems } from '../http/schemas.ts';

export function unreadCount(app: ApiServer, { conversations, groups, unreadCache: cache }: ApiContext): void {
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
              mentions: Type.Record(Type.String(), Type.Integer({ minimum: 1 }), {
                description: 'Only groups with unread messages that mention the user, or all.',
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
      const [direct, [inGroups]] = await Promise.all([
        readUnread({ conversations, cache }, userId),
        groups.unread([userId]),
      ]);
      return {
        total: direct.total + (inGroups?.total ?? 0),
        byConversation: { ...direct.byConversation, ...inGroups?.byConversation },
        mentions: inGroups?.mentions ?? {},
        position: direct.position,
      };
    },
  );
}
