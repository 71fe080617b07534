import { DeviceIdField, TimeField } from '@chasqui/protocol';
import Type from 'typebox';

import { ProviderField } from './fields.ts';

/** A device of a user, as they see it. */
export const OwnDevice = Type.Object({
  deviceId: DeviceIdField,
  platform: Type.String(),
  firstSeenAt: TimeField,
  lastSeenAt: TimeField,
  online: Type.Optional(Type.Boolean({ description: 'Absent if currently unknown.' })),
  push: Type.Array(
    Type.Object({
      provider: ProviderField,
      app: Type.String(),
      language: Type.String(),
      at: TimeField,
      unconfirmed: Type.Optional(
        Type.Literal(true, { description: 'An unverified e-mail address: it gets no notifications.' }),
      ),
    }),
    { description: 'The push registrations; tokens are not shown.' },
  ),
});
