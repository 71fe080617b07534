import { ImError } from '@chasqui/domain';
import { DeviceIdField } from '@chasqui/protocol';
import Type from 'typebox';
import type { ApiContext, ApiServer } from '../context.ts';
import { BEARER, BODY_PROBLEMS, problems } from '../http/schemas.ts';
import { throttleCodeTry } from '../http/throttle.ts';
import { emailOf } from '../people/address-checks.ts';

export function confirmEmail(app: ApiServer, context: ApiContext): void {
  const { devices, clock, addressCodes } = context;
  app.post(
    '/api/devices/:deviceId/push-token/confirm',
    {
      schema: {
        operationId: 'confirmEmail',
        tags: ['devices'],
        summary: 'Verify the e-mail address of a device with the code that was sent to it',
        description: 'A code is valid for at least 15 minutes, only for this user, device and address.',
        security: BEARER,
        params: Type.Object({ deviceId: DeviceIdField }),
        body: Type.Object(
          { code: Type.String({ minLength: 1, maxLength: 32 }) },
          { additionalProperties: false, examples: [{ code: '7K3QX-M0V4T' }] },
        ),
        response: {
          204: Type.Null({ description: 'Verified: the device is notified at this address.' }),
          ...problems(...BODY_PROBLEMS, 401, 404, 422, 429),
        },
      },
    },
    async ({ userId, params: { deviceId }, body }, reply) => {
      const [own = []] = await devices.list([userId]);
      const registered = emailOf(own, deviceId);
      if (registered === undefined) {
        throw new ImError('not_found', 'this device has no e-mail address', { field: 'deviceId' });
      }
      const { unconfirmed, ...registration } = registered;
      if (unconfirmed) {
        await throttleCodeTry(context, userId);
        const checked = { userId, deviceId, address: registered.token };
        if (!addressCodes.isCodeFor(checked, body.code)) {
          throw new ImError('content_invalid', 'the code is wrong or has expired', { field: 'code' });
        }
        const { platform = 'unknown' } = own.find((device) => device.deviceId === deviceId) ?? {};
        await devices.register({ userId, deviceId, platform }, { ...registration, at: clock.now() });
      }
      return reply.code(204).send(null);
    },
  );
}
