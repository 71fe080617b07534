import { ImError, type UserId } from '@chasqui/domain';
import type { ApiContext, ApiServer } from '../context.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks; set on every route behind a token. */
    userId: UserId;
    /** The address that the token says is theirs. */
    verifiedEmail: string | undefined;
  }
}

/** Every route of this scope needs `Authorization: Bearer <access token>`; nobody learns without one what exists. */
export function requireToken(app: ApiServer, { verifier, cutOffs }: Pick<ApiContext, 'verifier' | 'cutOffs'>): void {
  app.addHook('onRequest', async (request) => {
    const [, token] = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '') ?? [];
    if (token === undefined) {
      throw new ImError('unauthorized', 'an access token is required: Authorization: Bearer <token>');
    }
    const claims = await verifier.verify(token);
    // What changes something may outlive the token: it is not done by a cut-off of a moment ago.
    await (request.method === 'GET' ? cutOffs.check(claims) : cutOffs.checkAgain(claims));
    request.userId = claims.userId;
    request.verifiedEmail = claims.verifiedEmail;
  });
}
