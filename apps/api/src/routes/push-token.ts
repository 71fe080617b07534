import { ImError, isEmailAddress, type PushEndpointRule, type PushProvider, pushEndpointOf } from '@chasqui/domain';
import { DeviceIdField, readJson, TimeField } from '@chasqui/protocol';
import Type from 'typebox';
import type { ApiContext, ApiServer } from '../context.ts';
import { BEARER, BODY_PROBLEMS, CHANGE_PROBLEMS, problems } from '../http/schemas.ts';
import { throttleEmailCode } from '../http/throttle.ts';
import { isOwnAddress, sendCode } from '../people/address-checks.ts';
import { LanguageField, ProviderField } from '../people/fields.ts';

const params = Type.Object({ deviceId: DeviceIdField });
const deviceToken = /^[A-Za-z0-9:_.-]{1,4096}$/;

/** Whether a token has its provider's format; only the provider knows whether it is valid. */
const LOOKS_RIGHT: { readonly [P in PushProvider]: (token: string, endpoints: PushEndpointRule) => boolean } = {
  apns: (token) => /^[0-9a-f]{32,200}$/i.test(token),
  fcm: (token) => deviceToken.test(token),
  webpush: isSubscription,
  email: isEmailAddress,
};

export function pushToken(app: ApiServer, context: ApiContext): void {
  const { devices, clock, settings } = context;
  app.put(
    '/api/devices/:deviceId/push-token',
    {
      schema: {
        operationId: 'registerPushToken',
        tags: ['devices'],
        summary: 'Register how a device is notified while it is offline',
        description:
          'It replaces the previous registration of the device with this provider. If another device or user had registered the token, they lose it. An e-mail address must be verified: by the token (the claims `email` and `email_verified`), by a verified registration on another of your devices, or by a code that is sent to it. Repeat the call for another code.',
        security: BEARER,
        params,
        body: Type.Object(
          {
            provider: ProviderField,
            token: Type.String({
              minLength: 1,
              maxLength: 4_096,
              description:
                "APNs, FCM: the device token. Web Push: the browser's subscription as JSON text. E-mail: the address.",
            }),
            platform: Type.Optional(Type.String({ pattern: '^[a-z0-9_-]{1,32}$' })),
            app: Type.Optional(
              Type.String({
                pattern: '^[A-Za-z0-9._-]{0,128}$',
                description: "APNs: the app's bundle id, if it differs from the server's default.",
              }),
            ),
            language: Type.Optional(LanguageField),
          },
          { additionalProperties: false, examples: [{ provider: 'fcm', token: 'c0ffee', language: 'zh-CN' }] },
        ),
        response: {
          202: Type.Object(
            { codeExpiresAt: TimeField },
            {
              description:
                'A code is sent to the address, which gets no other mail until `confirmEmail` is called with the code.',
            },
          ),
          204: Type.Null({ description: 'Registered.' }),
          ...problems(...BODY_PROBLEMS, 401, 404, 422, 429),
        },
      },
    },
    async ({ userId, verifiedEmail, ip, params: { deviceId }, body }, reply) => {
      const { provider, token, platform = 'unknown', app = '', language = '' } = body;
      if (!LOOKS_RIGHT[provider](token, settings.pushEndpoints)) {
        throw new ImError('content_invalid', `this is not a token of ${provider}`, { field: 'token' });
      }
      const registration = { provider, token, app, language, at: clock.now() };
      if (provider !== 'email' || (await isOwnAddress(context, { userId, verifiedEmail }, token))) {
        await devices.register({ userId, deviceId, platform }, registration);
        return reply.code(204).send(null);
      }
      await throttleEmailCode(context, userId, ip, token);
      await devices.register({ userId, deviceId, platform }, { ...registration, unconfirmed: true });
      const codeExpiresAt = await sendCode(context, { userId, deviceId, address: token }, language);
      return reply.code(202).send({ codeExpiresAt });
    },
  );
  app.delete(
    '/api/devices/:deviceId/push-token',
    {
      schema: {
        operationId: 'removePushToken',
        tags: ['devices'],
        summary: 'Remove the push registrations of a device',
        security: BEARER,
        params,
        querystring: Type.Object(
          { provider: Type.Optional({ ...ProviderField, description: 'Only this provider; absent: all.' }) },
          { additionalProperties: false },
        ),
        response: { 204: Type.Null({ description: 'Removed.' }), ...problems(...CHANGE_PROBLEMS, 404) },
      },
    },
    async ({ userId, params: { deviceId }, query: { provider } }, reply) => {
      const [known = []] = await devices.list([userId]);
      const registrations = known.find((device) => device.deviceId === deviceId)?.registrations ?? [];
      for (const registration of registrations) {
        if (provider !== undefined && registration.provider !== provider) continue;
        await devices.unregister({ userId, deviceId, provider: registration.provider });
      }
      return reply.code(204).send(null);
    },
  );
}

/**
 * A `PushSubscription` as browsers serialise it (W3C Push API, section 8), of an allowed push service. Keys: RFC 8291,
 * section 3.
 */
function isSubscription(token: string, endpoints: PushEndpointRule): boolean {
  try {
    const { endpoint, keys } = readJson(token, 'invalid_request') as {
      endpoint?: unknown;
      keys?: { p256dh?: unknown; auth?: unknown };
    };
    const isKey = (key: unknown, bytes: number) =>
      typeof key === 'string' && /^[A-Za-z0-9_-]+=*$/.test(key) && Buffer.from(key, 'base64url').length === bytes;
    return pushEndpointOf(endpoint, endpoints) !== undefined && isKey(keys?.p256dh, 65) && isKey(keys?.auth, 16);
  } catch {
    return false;
  }
}
