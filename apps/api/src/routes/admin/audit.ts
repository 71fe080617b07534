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
import { PageLimitField, pageOf } from '../../http/paging.ts';
import { ADMIN_PROBLEMS, BEARER, problems } from '../../http/schemas.ts';

const EntryIdField = Type.String({ pattern: AUDIT_ID_PATTERN });

const Entry = Type.Object({
  entryId: EntryIdField,
  begunBy: Type.Optional({ ...EntryIdField, description: 'In an outcome: the entry for the start of the action.' }),
  at: TimeField,
  actor: Type.String({
    description: 'A user id, `cli:` and the account that ran the command, or `key:` and the id of an API key.',
  }),
  action: Type.Unsafe<AuditAction>(Type.String({ enum: [...AUDIT_ACTIONS] })),
  target: Type.Optional({ ...UserIdField, description: 'The user whom the action affects; absent if none.' }),
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
        summary: 'Actions of operators, newest first',
        security: BEARER,
        querystring: Type.Object(
          {
            target: Type.Optional({ ...UserIdField, description: 'Only actions that affect this user.' }),
            before: Type.Optional({
              ...EntryIdField,
              description: '`nextBefore` of the previous page: returns only older entries.',
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
