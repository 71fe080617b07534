import Type from 'typebox';
import type { ApiContext, ApiServer } from '../context.ts';
import { problems } from '../http/schemas.ts';

export function logInWays(app: ApiServer, { issuer }: ApiContext): void {
  app.get(
    '/api/auth',
    {
      schema: {
        operationId: 'logInWays',
        tags: ['auth'],
        summary: 'How users log in',
        response: {
          200: Type.Object(
            {
              passwords: Type.Boolean({
                description: 'Users register and log in here. If not: the host application issues the tokens.',
              }),
            },
            { description: 'What a page may offer to those who are not logged in.' },
          ),
          ...problems(400),
        },
      },
    },
    async () => ({ passwords: issuer !== undefined }),
  );
}
