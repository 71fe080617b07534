import { ConversationIdField, MessageIdField } from '@chasqui/protocol';
import Type from 'typebox';
import type { ApiContext, ApiServer } from '../context.ts';
import { BEARER, MEMBER_PROBLEMS, problems, shared } from '../http/schemas.ts';
import { noSuchMessage, shownMessages, visibleMessage } from '../people/shown-messages.ts';

export function message(app: ApiServer, context: ApiContext): void {
  app.get(
    '/api/conversations/:conversationId/messages/:messageId',
    {
      schema: {
        operationId: 'readMessage',
        tags: ['messages'],
        summary: 'One message of a conversation, as the history shows it',
        security: BEARER,
        params: Type.Object({ conversationId: ConversationIdField, messageId: MessageIdField }),
        response: { 200: shared('Message'), ...problems(...MEMBER_PROBLEMS, 403, 404) },
      },
    },
    async ({ userId, params }) => {
      const [shown] = await shownMessages(context, userId, [await visibleMessage(context, userId, params)]);
      if (shown === undefined) throw noSuchMessage();
      return shown;
    },
  );
}
