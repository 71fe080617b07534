import { API_KEY_ID_PATTERN, API_SCOPES, type ApiScope, defined } from '@chasqui/domain';
import { TimeField } from '@chasqui/protocol';
import Type from 'typebox';
import type { ApiServer } from '../../context.ts';
import { API_KEY, problems, SERVER_PROBLEMS } from '../../http/schemas.ts';

const ScopeField = Type.Unsafe<ApiScope>(Type.String({ enum: Object.keys(API_SCOPES) }));

export function key(app: ApiServer): void {
  app.get(
    '/api/server/key',
    {
      config: { scope: null },
      schema: {
        operationId: 'readKey',
        tags: ['server-api'],
        summary: 'The key of the call: its scopes, rate and expiry',
        security: API_KEY,
        response: {
          200: Type.Object(
            {
              keyId: Type.String({ pattern: API_KEY_ID_PATTERN }),
              name: Type.String(),
              scopes: Type.Array(ScopeField),
              perSecond: Type.Integer({ description: 'Requests a second; each item of a batch counts as one.' }),
              createdAt: TimeField,
              expiresAt: Type.Optional({ ...TimeField, description: 'Absent: never.' }),
            },
            { description: 'The key, without its secret.' },
          ),
          ...problems(...SERVER_PROBLEMS),
        },
      },
    },
    async ({ apiKey: { keyId, name, scopes, perSecond, createdAt, expiresAt } }) => {
      return {
        keyId,
        name,
        scopes: [...scopes],
        perSecond,
        createdAt,
        ...defined({ expiresAt: expiresAt || undefined }),
      };
    },
  );
}
