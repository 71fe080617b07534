import {
  PUSH_RESULTS,
  type PushOutcome,
  type PushResult,
  TRACE_STATES,
  type TraceState,
  type TraceStep,
  type UserId,
} from '@chasqui/domain';
import { DeviceIdField, TimeField } from '@chasqui/protocol';
import Type from 'typebox';
import { ProviderField } from './fields.ts';

/** A step of a message on its way. */
export const Step = Type.Object({
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

/** What became of one notification. */
export const Push = Type.Object({
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

/** Only the receiver learns how often a provider was asked; see `pushBody`. */
export function stepBody({ retries, ...step }: TraceStep, isReceiver: boolean): TraceStep {
  const isTold = retries !== undefined && (isReceiver || step.state !== 'push_sent');
  return isTold ? { ...step, retries } : step;
}

/** Only the users themselves may learn which devices they have and how these are reached. */
export function pushBody({ userId, deviceId, result, provider, reason, attempts, at }: PushOutcome, asker: UserId) {
  if (userId !== asker) return { result, at };
  const device = deviceId === '' ? {} : { deviceId };
  return { result, at, ...device, ...(provider === null ? {} : { provider }), reason, attempts };
}
