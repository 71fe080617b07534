import { readMarks, seenReactions, shownReactions } from '@chasqui/core';
import {
  defined,
  ImError,
  MESSAGE_STATUSES,
  type MessageStatus,
  overallStatus,
  recipientOf,
  traceOf,
  withMarks,
} from '@chasqui/domain';
import { ConversationIdField, MessageIdField, ReactionsField, TimeField, UserIdField } from '@chasqui/protocol';
import Type from 'typebox';
import type { ApiContext, ApiServer } from '../context.ts';
import { BEARER, MEMBER_PROBLEMS, problems } from '../http/schemas.ts';
import { Push, pushBody, Step, stepBody } from '../people/trace-body.ts';

export function trace(app: ApiServer, context: ApiContext): void {
  const { locator, messages, conversations, pushOutcomes, access, logger } = context;
  app.get(
    '/api/messages/:messageId/trace',
    {
      schema: {
        operationId: 'traceMessage',
        tags: ['messages'],
        summary: 'The steps of one message, with their times',
        description: 'Only for those who may see the message; other users get 404.',
        security: BEARER,
        params: Type.Object({ messageId: MessageIdField }),
        response: {
          200: Type.Object(
            {
              messageId: MessageIdField,
              conversationId: ConversationIdField,
              from: UserIdField,
              to: Type.Optional({ ...UserIdField, description: 'Only in direct conversations.' }),
              sentAt: TimeField,
              status: Type.Unsafe<MessageStatus>(Type.String({ enum: [...MESSAGE_STATUSES] })),
              recalledAt: Type.Optional(TimeField),
              steps: Type.Array(Step),
              reactions: Type.Optional(ReactionsField),
              push: Type.Optional(
                Type.Array(Push, {
                  description:
                    'Notifications of offline devices; in a group, of your own. Absent if currently unknown.',
                }),
              ),
            },
            { description: 'The steps in chronological order.' },
          ),
          ...problems(...MEMBER_PROBLEMS, 404),
        },
      },
    },
    async ({ params, userId }) => {
      const key = await locator.locate(params.messageId);
      const [message = null] = key === null ? [] : await access.visible(userId, await messages.get([key]));
      if (message === null) {
        throw new ImError('message_not_found', 'there is no such message', { field: 'messageId' });
      }
      const { messageId, conversationId, from, sentAt, recalledAt } = message;
      const { to } = recipientOf(message);
      const marks = (await readMarks({ conversations, logger }, [message])).get(conversationId) ?? [];
      const status = overallStatus(withMarks(message, marks));
      const told = await pushOutcomes.list([messageId]).catch((error) => {
        logger.warn({ err: error }, 'a trace is returned without its push outcomes');
      });
      // In a group, each member learns of their own devices alone.
      const outcomes = told?.[0]?.filter((outcome) => to !== undefined || outcome.userId === userId) ?? [];
      const steps = traceOf(message, outcomes, marks).map((step) => stepBody(step, to === userId));
      const [seen] = await seenReactions(context, userId, [message]);
      const shown = seen == null ? undefined : shownReactions(seen);
      const push = told === undefined ? {} : { push: outcomes.map((outcome) => pushBody(outcome, userId)) };
      return {
        messageId,
        conversationId,
        from,
        ...defined({ to, recalledAt, reactions: shown }),
        sentAt,
        status,
        steps,
        ...push,
      };
    },
  );
}
