import { ImError, MESSAGE_STATUSES, type MessageStatus, type MessageStep } from '@chasqui/domain';
import { ConversationIdField, MessageIdField, TimeField, UserIdField } from '@chasqui/protocol';
import Type from 'typebox';
import type { ApiContext, ApiServer } from '../context.ts';
import { BEARER, MEMBER_PROBLEMS, problems } from '../http/schemas.ts';

const Step = Type.Object({
  state: Type.Unsafe<MessageStep['state']>(Type.String({ enum: ['queued', ...MESSAGE_STATUSES, 'recalled'] })),
  at: TimeField,
  node: Type.String({ description: 'The node or process that made the step.' }),
});

export function trace(app: ApiServer, { locator, messages }: ApiContext): void {
  app.get(
    '/api/messages/:messageId/trace',
    {
      schema: {
        operationId: 'traceMessage',
        tags: ['messages'],
        summary: 'The steps of one message, with their times',
        description: 'For its sender and its receiver; to anybody else it does not exist.',
        security: BEARER,
        params: Type.Object({ messageId: MessageIdField }),
        response: {
          200: Type.Object(
            {
              messageId: MessageIdField,
              conversationId: ConversationIdField,
              from: UserIdField,
              to: UserIdField,
              sentAt: TimeField,
              status: Type.Unsafe<MessageStatus>(Type.String({ enum: [...MESSAGE_STATUSES] })),
              recalledAt: Type.Optional(TimeField),
              steps: Type.Array(Step),
            },
            { description: 'In the order of time.' },
          ),
          ...problems(...MEMBER_PROBLEMS, 404),
        },
      },
    },
    async ({ params, userId }) => {
      const key = await locator.locate(params.messageId);
      const [message = null] = key === null ? [] : await messages.get([key]);
      if (message === null || (message.from !== userId && message.to !== userId)) {
        throw new ImError('message_not_found', 'there is no such message', { field: 'messageId' });
      }
      const { messageId, conversationId, from, to, sentAt, status, recalledAt, steps } = message;
      const recalled = recalledAt === undefined ? {} : { recalledAt };
      return { messageId, conversationId, from, to, sentAt, status, ...recalled, steps };
    },
  );
}
