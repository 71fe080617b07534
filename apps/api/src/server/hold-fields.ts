import { HOLD_ID_PATTERN, HOLD_KINDS, HOLD_LIMITS, type HoldKind, ImError, type LegalHold } from '@chasqui/domain';
import { TimeField } from '@chasqui/protocol';
import Type from 'typebox';
import type { ApiContext } from '../context.ts';
import { NO_NUL } from '../http/schemas.ts';

export const holdParams = Type.Object({ holdId: Type.String({ pattern: HOLD_ID_PATTERN }) });

/** What a hold is asked with. */
export const askedFields = {
  kind: Type.Unsafe<HoldKind>(
    Type.String({
      enum: [...HOLD_KINDS],
      description: 'On a user: what they send, and all of their direct conversations. On a conversation: its messages.',
    }),
  ),
  subject: Type.String({
    minLength: 1,
    maxLength: 129,
    ...NO_NUL,
    examples: ['ana'],
    description: 'The id of the user, or of the conversation.',
  }),
  reason: Type.String({ minLength: 1, maxLength: HOLD_LIMITS.maxReasonLength, ...NO_NUL }),
};

export const HoldBody = Type.Object(
  {
    holdId: Type.String({ pattern: HOLD_ID_PATTERN, examples: ['5f0c2a9e1b7d4c3e8a6f9d01'] }),
    ...askedFields,
    placedBy: Type.String({ examples: ['key:9f86d081884c7d65'] }),
    placedAt: TimeField,
  },
  { description: 'A legal hold.' },
);

/** Errors: `not_found`. */
export async function placedHold({ holds }: ApiContext, holdId: string): Promise<LegalHold> {
  const hold = await holds.get(holdId);
  if (hold !== null) return hold;
  throw new ImError('not_found', 'there is no such legal hold', { field: 'holdId' });
}

/** What the audit log says of a call. */
export function actOn(
  action: 'place_hold' | 'release_hold' | 'read_held',
  keyId: string,
  { kind, subject }: LegalHold,
) {
  return { keyId, action, target: kind === 'user' ? subject : '' };
}
