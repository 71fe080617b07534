import { refuseEnded } from '@chasqui/core';
import { ImError } from '@chasqui/domain';
import Type from 'typebox';
import type { ApiContext, ApiServer } from '../context.ts';
import { BODY_PROBLEMS, problems, shared } from '../http/schemas.ts';
import { throttleAddress } from '../http/throttle.ts';
import { issuerOf } from './credentials.ts';

export function refresh(app: ApiServer, context: ApiContext): void {
  app.post(
    '/api/auth/refresh',
    {
      schema: {
        operationId: 'refresh',
        tags: ['auth'],
        summary: 'Exchange a refresh token for a new pair of tokens',
        description:
          'Each refresh token works once. If it is used again after more than 30 seconds, it counts as stolen, and the login ends.',
        body: Type.Object(
          { refreshToken: Type.String({ minLength: 1, maxLength: 8192 }) },
          { additionalProperties: false },
        ),
        response: { 200: shared('Tokens'), ...problems(...BODY_PROBLEMS, 401, 403, 429) },
      },
    },
    async (request) => {
      const issuer = issuerOf(context);
      await throttleAddress(context, request.ip);
      const claims = await issuer.verifyRefresh(request.body.refreshToken);
      const cutOff = await context.cutOffs.read(claims.userId, claims.deviceId);
      refuseEnded(claims, cutOff, context.clock.now());
      if ((await context.users.get(claims.userId)) === null) {
        throw new ImError('token_invalid', 'this user no longer exists');
      }
      return await context.logIns.refresh(issuer, claims, cutOff.current);
    },
  );
}
