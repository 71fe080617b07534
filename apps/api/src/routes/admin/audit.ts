import {
  AUDIT_ACTIONS,
  AUDIT_ID_PATTERN,
  AUDIT_OUTCOMES,
  type AuditAction,
  type AuditOutcome,
  defined,
} from '@chasqui/domain';
import { TimeField, UserIdField } from '@chasqui/protocol';
import Type from 'typebox';
import type { ApiContext, ApiServer } from '../../context.ts';
import { ADMIN_PROBLEMS, BEARER, problems } from '../../http/schemas.ts';
import { PageLimitField, pageOf } from '../paging.ts';

const EntryIdField = Type.String({ pattern: AUDIT_ID_PATTERN });

const Entry = Type.Object({
  entryId: EntryIdField,
  begunBy: Type.Optional({ ...EntryIdField, description: 'Of an outcome: the entry that says that it was begun.' }),
  at: TimeField,
  actor: Type.String({ description: 'A user id, or `cli:` and the account that ran the command.' }),
  action: Type.Unsafe<AuditAction>(Type.String({ enum: [...AUDIT_ACTIONS] })),
  target: Type.Optional({ ...UserIdField, description: 'Whom it was done to; absent: nobody in particular.' }),
  outcome: Type.Unsafe<AuditOutcome>(Type.String({ enum: [...AUDIT_OUTCOMES] })),
  detail: Type.String(),
});

export function audit(app: ApiServer, { auditLog }: ApiContext): void {
  app.get(
    '/api/admin/audit',
    {
      schema: {
        operationId: 'readAuditLog',
        tags: ['admin'],
        summary: 'What operators did, the newest first',
        security: BEARER,
        querystring: Type.Object(
          {
            target: Type.Optional({ ...UserIdField, description: 'Only what was done to this user.' }),
            before: Type.Optional({
              ...EntryIdField,
              description: 'Only older ones: `nextBefore` of the page before.',
            }),
            limit: Type.Optional(PageLimitField),
          },
          { additionalProperties: false },
        ),
        response: {
          200: Type.Object(
            {
              entries: Type.Array(Entry),
              nextBefore: Type.Optional({ ...EntryIdField, description: 'Absent on the last page.' }),
            },
            { description: 'A page of entries.' },
          ),
          ...problems(...ADMIN_PROBLEMS),
        },
      },
    },
    async ({ query: { limit = 50, ...scope } }) => {
      const { items, last } = pageOf(await auditLog.page({ ...scope, limit: limit + 1 }), limit);
      return {
        entries: items.map(({ begunBy, target, ...rest }) => ({
          ...rest,
          ...(begunBy === '' ? {} : { begunBy }),
          ...(target === '' ? {} : { target }),
        })),
        ...defined({ nextBefore: last?.entryId }),
      };
    },
  );
}
