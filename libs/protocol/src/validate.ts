import { ImError } from '@chasqui/domain';
import { answerRef } from './answer-ref.ts';
import { CLIENT_FRAMES, type ClientFrame, type ClientFrameType } from './client-frames.ts';
import { type SchemaCheck, schemaCheck } from './schema-check.ts';

const checks = Object.fromEntries(
  Object.entries(CLIENT_FRAMES).map(([type, schema]) => [type, schemaCheck(schema)]),
) as Record<ClientFrameType, SchemaCheck>;

function isClientFrameType(type: unknown): type is ClientFrameType {
  return typeof type === 'string' && Object.hasOwn(CLIENT_FRAMES, type);
}

/**
 * Checks that a decoded value is a client frame. Errors: `invalid_frame` (names the field), `unknown_type`; their
 * details have the `ref` of the answer if the value has one. Unknown fields are refused, so that a misspelt one is not
 * silently ignored.
 */
export function parseClientFrame(value: unknown): ClientFrame {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ImError('invalid_frame', 'a frame must be a JSON object', { field: '' });
  }
  const { type } = value as { type?: unknown };
  if (!isClientFrameType(type)) {
    throw new ImError(
      type === undefined ? 'invalid_frame' : 'unknown_type',
      `type must be one of ${Object.keys(CLIENT_FRAMES).join(', ')}`,
      { field: 'type', ref: answerRef(value) },
    );
  }
  const fault = checks[type](value);
  if (fault !== null) {
    const { field, message } = fault;
    throw new ImError('invalid_frame', `${type}: ${field || 'it'} ${message}`, { field, ref: answerRef(value) });
  }
  return value as ClientFrame;
}
