import { ImError } from '@chasqui/domain';
import type { TokenIssuer } from '@chasqui/ports';
import { DeviceIdField } from '@chasqui/protocol';
import Type from 'typebox';
import type { ApiContext } from '../context.ts';

/** Bounded so that hashing has a bounded cost. */
export const PasswordField = Type.String({ minLength: 8, maxLength: 256, description: 'Any characters.' });

export const BoundDeviceField = Type.Optional({
  ...DeviceIdField,
  description: 'Binds the tokens to this device: they are valid only for it, and end when it is logged out.',
});

/** Errors: `registration_disabled` if the host application issues the tokens. */
export function issuerOf({ issuer }: Pick<ApiContext, 'issuer'>): TokenIssuer {
  if (issuer !== undefined) return issuer;
  throw new ImError('registration_disabled', 'the host application issues the tokens; this server has no login');
}
