import { type Device, type DevicePresence, ImError } from '@chasqui/domain';
import { DeviceIdField } from '@chasqui/protocol';
import Type from 'typebox';
import type { ApiContext, ApiServer } from '../context.ts';
import { BEARER, CHANGE_PROBLEMS, MEMBER_PROBLEMS, problems } from '../http/schemas.ts';
import { OwnDevice } from '../people/device-fields.ts';

export function devices(app: ApiServer, { devices, presence, sessionEnder }: ApiContext): void {
  app.get(
    '/api/devices',
    {
      schema: {
        operationId: 'listDevices',
        tags: ['devices'],
        summary: "The user's devices, the most recently seen first",
        security: BEARER,
        response: {
          200: Type.Object({ devices: Type.Array(OwnDevice) }, { description: 'All devices.' }),
          ...problems(...MEMBER_PROBLEMS),
        },
      },
    },
    async ({ userId }) => {
      const [[known = []], found] = await Promise.all([
        devices.list([userId]),
        presence.lookup([userId]).catch(() => undefined),
      ]);
      return { devices: withSessions(known, found?.[0]) };
    },
  );
  app.delete(
    '/api/devices/:deviceId',
    {
      schema: {
        operationId: 'revokeDevice',
        tags: ['devices'],
        summary: 'Log a device out and delete it',
        description:
          'Closes its connection, refuses tokens that were issued to it before, and deletes its push registrations. The device can log in again with the password.',
        security: BEARER,
        params: Type.Object({ deviceId: DeviceIdField }),
        response: { 204: Type.Null({ description: 'Logged out.' }), ...problems(...CHANGE_PROBLEMS, 404) },
      },
    },
    async ({ userId, params: { deviceId } }, reply) => {
      const [[known = []], found] = await Promise.all([
        devices.list([userId]),
        presence.lookup([userId]).catch(() => undefined),
      ]);
      const isKnown = withSessions(known, found?.[0]).some((device) => device.deviceId === deviceId);
      if (!isKnown) throw new ImError('not_found', 'there is no such device', { field: 'deviceId' });
      await sessionEnder.endDevice(userId, deviceId);
      return reply.code(204).send(null);
    },
  );
  app.delete(
    '/api/devices',
    {
      schema: {
        operationId: 'revokeAllDevices',
        tags: ['devices'],
        summary: 'Log out everywhere',
        description:
          'Closes every connection and refuses every token that was issued before, including the one in this request.',
        security: BEARER,
        response: { 204: Type.Null({ description: 'Logged out everywhere.' }), ...problems(...CHANGE_PROBLEMS) },
      },
    },
    async ({ userId }, reply) => {
      await sessionEnder.endAll(userId);
      return reply.code(204).send(null);
    },
  );
}

/** `present` undefined: presence is away, so it is unknown who is online. */
function withSessions(known: readonly Device[], present: readonly DevicePresence[] | undefined) {
  const online = new Map(present?.map((entry) => [entry.deviceId, entry]));
  const listed = known.map(({ deviceId, platform, firstSeenAt, lastSeenAt, registrations }) => ({
    deviceId,
    platform,
    firstSeenAt,
    lastSeenAt: Math.max(lastSeenAt, online.get(deviceId)?.since ?? 0),
    ...(present === undefined ? {} : { online: online.has(deviceId) }),
    push: registrations.map(({ token: _, ...shown }) => shown),
  }));
  // A device may be connected before the store has it.
  const missing = (present ?? []).filter(({ deviceId }) => !known.some((device) => device.deviceId === deviceId));
  const connected = missing.map(({ deviceId, platform, since }) => ({
    deviceId,
    platform,
    firstSeenAt: since,
    lastSeenAt: since,
    online: true,
    push: [],
  }));
  return [...connected, ...listed];
}
