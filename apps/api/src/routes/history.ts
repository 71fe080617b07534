import { clearedIn, withoutHidden } from '@chasqui/core';
import {
  defined,
  isGroupId,
  messageAsSeenBy,
  mustBelong,
  participantsOf,
  SYSTEM_USER,
  type UserId,
  visibleIntervals,
} from '@chasqui/domain';
import { ConversationIdField, MessageIdField } from '@chasqui/protocol';
import Type from 'typebox';
import type { ApiContext, ApiServer } from '../context.ts';
import { PageLimitField } from '../http/paging.ts';
import { BEARER, MEMBER_PROBLEMS, problems, shared } from '../http/schemas.ts';
import { mustHaveBegun } from '../people/begun-conversations.ts';
import { type HistoryPage, type HistoryScope, readGroupHistory, readHistory } from '../people/read-history.ts';
import { shownMessages } from '../people/shown-messages.ts';

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
            { description: 'A page of messages. A recalled one has `recalledAt`, `recalledBy` and no content.' },
          ),
          ...problems(...MEMBER_PROBLEMS, 403, 404),
        },
      },
    },
    async ({ userId, params: { conversationId }, query: { before, limit = 50 } }) => {
      const cleared = await clearedIn(context, userId, [conversationId]);
      const scope = { conversationId, limit, clearedUpTo: cleared.get(conversationId) ?? '', ...defined({ before }) };
      const page = await (isGroupId(conversationId) ? groupPage(scope, userId) : directPage(scope, userId));
      // For the system alone: users learn nothing of whether others wrote to each other.
      if (userId === SYSTEM_USER && page.messages.length === 0 && !isGroupId(conversationId)) {
        await mustHaveBegun(context, conversationId, participantsOf(conversationId));
      }
      const kept = await withoutHidden(context.conversationStates, userId, page.messages);
      const messages = await shownMessages(
        context,
        userId,
        kept.filter((message) => message !== null),
      );
      return { ...page, messages };
    },
  );

  function directPage(scope: HistoryScope, userId: UserId): Promise<HistoryPage> {
    if (userId === SYSTEM_USER) participantsOf(scope.conversationId);
    else mustBelong(scope.conversationId, userId);
    return readHistory(context.messages, userId, scope);
  }

  async function groupPage(scope: HistoryScope, userId: UserId): Promise<HistoryPage> {
    const { group, member } = await context.access.place(scope.conversationId, userId);
    const page = await readGroupHistory(context.messages, visibleIntervals(group, member), scope);
    return { ...page, messages: page.messages.map((message) => messageAsSeenBy(member, message)) };
  }
}
