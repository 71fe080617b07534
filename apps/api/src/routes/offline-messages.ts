import { DEFAULT_LIMITS, type UserId } from '@chasqui/domain';
import { DeviceIdField, EpochField, LimitField, PositionField } from '@chasqui/protocol';
import Type from 'typebox';
import type { ApiContext, ApiServer } from '../context.ts';
import { BEARER, MEMBER_PROBLEMS, problems, shared } from '../http/schemas.ts';

export function offlineMessages(app: ApiServer, { inbox, logs }: ApiContext): void {
  app.get(
    '/api/messages/offline',
    {
      schema: {
        operationId: 'readInbox',
        tags: ['messages'],
        summary: "The user's inbox updates after a position, as in `offline_messages`",
        description:
          'Messages, receipts, reads, recalls, edits, likes and comments on moments, and what became of the user in groups, in order. Repeat from `position` until `caughtUp`. Confirm over the WebSocket with `confirm_messages_synced`.',
        security: BEARER,
        querystring: Type.Object(
          {
            position: Type.Optional({
              ...PositionField,
              description: 'Returns only later updates. Default: the last position that `deviceId` confirmed, or 0.',
            }),
            epoch: Type.Optional(EpochField),
            deviceId: Type.Optional(DeviceIdField),
            limit: Type.Optional({ ...LimitField, description: `Updates per page; 100 by default.` }),
          },
          { additionalProperties: false },
        ),
        response: {
          200: Type.Object(
            {
              updates: Type.Array(
                Type.Union([
                  shared('Message'),
                  shared('Receipt'),
                  shared('Read'),
                  shared('Recall'),
                  shared('Action'),
                  shared('MomentNotice'),
                  shared('Membership'),
                  shared('Notice'),
                  shared('ConversationStateUpdate'),
                  shared('HiddenMessages'),
                ]),
              ),
              position: {
                ...PositionField,
                description: 'The position of the last update; the next page starts after it.',
              },
              epoch: EpochField,
              caughtUp: Type.Boolean({ description: 'This is the last page.' }),
              reset: Type.Boolean({
                description:
                  'The requested position is not (or no longer) valid for this inbox: forget it and continue from this page.',
              }),
            },
            { description: 'A page of updates.' },
          ),
          ...problems(...MEMBER_PROBLEMS),
        },
      },
    },
    async (request) => {
      const { position, epoch, deviceId, limit = 100 } = request.query;
      const after = position ?? (await confirmed(logs, request.userId, deviceId));
      return await inbox.page(request.userId, after, Math.min(limit, DEFAULT_LIMITS.maxSyncPage), epoch);
    },
  );
}

async function confirmed(logs: ApiContext['logs'], userId: UserId, deviceId: string | undefined): Promise<number> {
  if (deviceId === undefined) return 0;
  const devices = await logs.devices(userId);
  return devices.find((device) => device.deviceId === deviceId)?.position ?? 0;
}
