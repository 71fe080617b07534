import { readMarks } from '@chasqui/core';
import {
  defined,
  ImError,
  MESSAGE_STATUSES,
  type MessageStatus,
  maySee,
  overallStatus,
  PUSH_RESULTS,
  type PushOutcome,
  type PushResult,
  recipientOf,
  TRACE_STATES,
  type TraceState,
  type TraceStep,
  traceOf,
  type UserId,
  withMarks,
} from '@chasqui/domain';
import { ConversationIdField, DeviceIdField, MessageIdField, TimeField, UserIdField } from '@chasqui/protocol';
import Type from 'typebox';
import type { ApiContext, ApiServer } from '../context.ts';
import { BEARER, MEMBER_PROBLEMS, problems } from '../http/schemas.ts';
import { ProviderField } from '../people/fields.ts';

const Step = Type.Object({
  state: Type.Unsafe<TraceState>(Type.String({ enum: [...TRACE_STATES] })),
  at: TimeField,
  node: Type.String({ description: 'The node or process that recorded the step.' }),
  retries: Type.Optional(
    Type.Integer({
      minimum: 1,
      description: 'The least number of failed tries before. Absent: it was the first try.',
    }),
  ),
});

const Push = Type.Object({
  result: Type.Unsafe<PushResult>(Type.String({ enum: [...PUSH_RESULTS] })),
  at: TimeField,
  deviceId: Type.Optional({
    ...DeviceIdField,
    description: 'Only for the receiver: the device; absent if there was none.',
  }),
  provider: Type.Optional({
    ...ProviderField,
    description: 'Only for the receiver: the push provider; absent if none was called.',
  }),
  reason: Type.Optional(
    Type.String({ description: 'Only for the receiver: the reason, by this server or the provider.' }),
  ),
  attempts: Type.Optional(
    Type.Integer({ minimum: 0, description: 'Only for the receiver: requests to the provider.' }),
  ),
});

export function trace(app: ApiServer, { locator, messages, conversations, pushOutcomes, logger }: ApiContext): void {
  app.get(
    '/api/messages/:messageId/trace',
    {
      schema: {
        operationId: 'traceMessage',
        tags: ['messages'],
        summary: 'The steps of one message, with their times',
        description: 'Only for its sender and its receiver; other users get 404.',
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
              push: Type.Optional(
                Type.Array(Push, {
                  description: 'Notifications of offline devices. Absent if currently unknown.',
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
      const [message = null] = key === null ? [] : await messages.get([key]);
      if (message === null || !maySee(message, userId)) {
        throw new ImError('message_not_found', 'there is no such message', { field: 'messageId' });
      }
      const { messageId, conversationId, from, sentAt, recalledAt } = message;
      const { to = '' } = recipientOf(message);
      const marks = (await readMarks({ conversations, logger }, [message])).get(conversationId) ?? [];
      const status = overallStatus(withMarks(message, marks));
      const told = await pushOutcomes.list([messageId]).catch((error) => {
        logger.warn({ err: error }, 'a trace is returned without its push outcomes');
      });
      const steps = traceOf(message, told?.[0] ?? [], marks).map((step) => stepBody(step, to === userId));
      const push = told === undefined ? {} : { push: (told[0] ?? []).map((outcome) => pushBody(outcome, userId)) };
      const recalled = defined({ recalledAt });
      return { messageId, conversationId, from, to, sentAt, status, ...recalled, steps, ...push };
    },
  );
}

/** Only the receiver learns how often a provider was asked; see `pushBody`. */
function stepBody({ retries, ...step }: TraceStep, isReceiver: boolean): TraceStep {
  const isTold = retries !== undefined && (isReceiver || step.state !== 'push_sent');
  return isTold ? { ...step, retries } : step;
}

/** Only the users themselves may learn which devices they have and how these are reached. */
function pushBody({ userId, deviceId, result, provider, reason, attempts, at }: PushOutcome, asker: UserId) {
  if (userId !== asker) return { result, at };
  const device = deviceId === '' ? {} : { deviceId };
  return { result, at, ...device, ...(provider === null ? {} : { provider }), reason, attempts };
}
