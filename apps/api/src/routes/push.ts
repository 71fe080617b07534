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
        summary: 'The push settings that a device needs before it registers a push token',
        security: BEARER,
        response: {
          200: Type.Object(
            {
              webPushKey: Type.Optional(
                Type.String({
                  description: "The VAPID public key in base64url, for a browser's subscription. Absent: no Web Push.",
                }),
              ),
              email: Type.Boolean({ description: 'Whether e-mail is available.' }),
            },
            { description: 'The push settings.' },
          ),
          ...problems(...MEMBER_PROBLEMS),
        },
      },
    },
    async () => ({ email: settings.email, ...(settings.webPushKey !== null && { webPushKey: settings.webPushKey }) }),
  );
}
