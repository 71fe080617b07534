import { ImError } from '@chasqui/domain';
import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { CLIENT_FRAMES, type ClientFrame, type ClientFrameType } from './client-frames.ts';

interface Validator {
  Check(value: unknown): boolean;
  Errors(value: unknown): { instancePath: string; message: string; keyword: string; params: object }[];
}

const compiled = Object.fromEntries(
  Object.entries(CLIENT_FRAMES).map(([type, schema]) => [type, Compile(schema as TSchema) as Validator]),
) as Record<ClientFrameType, Validator>;

/** What is first wrong with a value, for people: the field's path (`content.text`) and a sentence. */
export function firstFault(validator: Validator, value: unknown): { field: string; message: string } {
  const errors = validator.Errors(value);
  const fault = errors.find((error) => error.keyword !== 'boolean') ?? errors[0];
  const path = (fault?.instancePath ?? '').split('/').filter(Boolean);
  const params = (fault?.params ?? {}) as { requiredProperties?: string[]; additionalProperties?: string[] };
  const named = params.requiredProperties?.[0] ?? params.additionalProperties?.[0];
  if (named !== undefined) path.push(named);
  return { field: path.join('.'), message: fault?.message ?? 'does not match its schema' };
}

function isClientFrameType(type: unknown): type is ClientFrameType {
  return typeof type === 'string' && Object.hasOwn(CLIENT_FRAMES, type);
}

/**
 * The frame in a decoded value. Errors: `invalid_frame` (names the field), `unknown_type`.
 * Unknown fields are refused, so that a misspelt one is not silently lost.
 */
export function parseClientFrame(value: unknown): ClientFrame {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ImError('invalid_frame', 'a frame is a JSON object', { field: '' });
  }
  const { type } = value as { type?: unknown };
  if (!isClientFrameType(type)) {
    throw new ImError(
      type === undefined ? 'invalid_frame' : 'unknown_type',
      `type must be one of ${Object.keys(CLIENT_FRAMES).join(', ')}`,
      { field: 'type' },
    );
  }
  const validator = compiled[type];
  if (!validator.Check(value)) {
    const { field, message } = firstFault(validator, value);
    throw new ImError('invalid_frame', `${type}: ${field === '' ? '' : `${field} `}${message}`, { field });
  }
  return value as ClientFrame;
}
