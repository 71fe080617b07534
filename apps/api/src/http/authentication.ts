import type { TokenAge } from '@chasqui/core';
import { defined, ImError, type UserId } from '@chasqui/domain';
import type { FastifyRequest } from 'fastify';
import type { ApiContext, ApiServer } from '../context.ts';
import { throttleAdmin } from './throttle.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The user of the token; set on every route behind a token. */
    userId: UserId;
    /** The user's e-mail address according to the token. */
    verifiedEmail: string | undefined;
    /** What says later whether the token was issued before its session was ended. */
    session: TokenAge;
  }
}

/** The credential of `Authorization: Bearer …`; undefined: there is none. */
export function bearerOf({ headers }: Pick<FastifyRequest, 'headers'>): string | undefined {
  return /^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1];
}

/**
 * Every route of this scope needs `Authorization: Bearer <access token>`. Without a token, a client learns nothing
 * about what exists.
 */
export function requireToken(app: ApiServer, { verifier, cutOffs }: Pick<ApiContext, 'verifier' | 'cutOffs'>): void {
  app.addHook('onRequest', async (request) => {
    const token = bearerOf(request);
    if (token === undefined) {
      throw new ImError('unauthorized', 'an access token is required: Authorization: Bearer <token>');
    }
    const claims = await verifier.verify(token);
    // The effect of a change may outlive the token, so a change checks for recent cut-offs in the store.
    await (request.method === 'GET' ? cutOffs.check(claims) : cutOffs.checkAgain(claims));
    request.userId = claims.userId;
    request.verifiedEmail = claims.verifiedEmail;
    const { userId, deviceId, issuedAt, generation } = claims;
    request.session = { userId, issuedAt, ...defined({ deviceId, generation }) };
  });
}

/**
 * Restricts every route of this scope to the users that the configuration names. Must be called after `requireToken`.
 */
export function requireAdmin(app: ApiServer, context: ApiContext): void {
  const admins = new Set(context.settings.admins);
  app.addHook('onRequest', async ({ userId, method, routeOptions }) => {
    if (!admins.has(userId)) {
      context.logger.warn({ userId, method, route: routeOptions.url }, 'refused a user who is not an administrator');
      throw new ImError('forbidden', 'only administrators may do this');
    }
    await throttleAdmin(context, userId);
  });
}
