import Type from 'typebox';
import type { ApiContext, ApiServer } from '../context.ts';
import { BEARER, MEMBER_PROBLEMS, problems } from '../http/schemas.ts';

export function push(app: ApiServer, { settings }: ApiContext): void {
  app.get(
    '/api/push',
    {
      schema: {
        operationId: 'readPush',
        tags: ['devices'],
        summary: 'What a device needs to know of this server before it registers a push token',
        security: BEARER,
        response: {
          200: Type.Object(
            {
              webPushKey: Type.Optional(
                Type.String({
                  description: "The VAPID public key in base64url, for a browser's subscription. Absent: no Web Push.",
                }),
              ),
              email: Type.Boolean({ description: 'Whether e-mail addresses are told.' }),
            },
            { description: 'What there is.' },
          ),
          ...problems(...MEMBER_PROBLEMS),
        },
      },
    },
    async () => ({ email: settings.email, ...(settings.webPushKey !== null && { webPushKey: settings.webPushKey }) }),
  );
}
