import { readState, storedChatFrame } from '@chasqui/core';
import { defined, mustBelong } from '@chasqui/domain';
import { ConversationIdField, MessageIdField } from '@chasqui/protocol';
import Type from 'typebox';
import type { ApiContext, ApiServer } from '../context.ts';
import { BEARER, MEMBER_PROBLEMS, problems, shared } from '../http/schemas.ts';
import { clearedIn } from '../people/conversation-states.ts';
import { readHistory } from '../people/read-history.ts';
import { PageLimitField } from './paging.ts';

export function history(app: ApiServer, context: ApiContext): void {
  app.get(
    '/api/conversations/:conversationId/messages',
    {
      schema: {
        operationId: 'readHistory',
        tags: ['messages'],
        summary: 'The messages of a conversation, newest first',
        security: BEARER,
        params: Type.Object({ conversationId: ConversationIdField }),
        querystring: Type.Object(
          {
            before: Type.Optional({
              ...MessageIdField,
              description: '`nextBefore` of the previous page: returns only older entries.',
            }),
            limit: Type.Optional(PageLimitField),
          },
          { additionalProperties: false },
        ),
        response: {
          200: Type.Object(
            {
              messages: Type.Array(shared('Message')),
              nextBefore: Type.Optional({ ...MessageIdField, description: 'Absent on the last page.' }),
            },
            { description: 'A page of messages. A recalled one has `recalledAt` and no content.' },
          ),
          ...problems(...MEMBER_PROBLEMS, 403, 404),
        },
      },
    },
    async (request) => {
      const { conversationId } = request.params;
      const { before, limit = 50 } = request.query;
      mustBelong(conversationId, request.userId);
      const cleared = await clearedIn(context, request.userId, [conversationId]);
      const page = await readHistory(context.messages, request.userId, {
        conversationId,
        clearedUpTo: cleared.get(conversationId) ?? '',
        limit,
        ...defined({ before }),
      });
      const messages = await readState(context, page.messages);
      return { ...page, messages: messages.map((message) => storedChatFrame(message)) };
    },
  );
}
