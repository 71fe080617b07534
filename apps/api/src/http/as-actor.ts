import { type ApiScope, type AuditAction, ImError, SYSTEM_USER, type UserId } from '@chasqui/domain';
import { UserIdField } from '@chasqui/protocol';
import type { FastifyReply, FastifyRequest } from 'fastify';
import Type from 'typebox';
import type { ApiContext, ApiServer } from '../context.ts';
import { callOf, mountedAt, type UserRoute } from './mounted-at.ts';
import { API_KEY, problems } from './schemas.ts';

const ACTOR_HEADER = 'chasqui-actor';
const ActorField = {
  ...UserIdField,
  description: 'The user as whom the call is made. Absent: the system, which is in no group and may do everything.',
};

interface ActorScopes {
  read: ApiScope;
  write?: ApiScope;
  /** As what reading is written to the audit log; absent: it is not. */
  audits?: AuditAction;
  /** As what changes are; default: `change_group`. */
  changes?: (route: UserRoute) => AuditAction | undefined;
  /** Also as users who are disabled, but not as those who were erased. */
  asDisabled?: true;
}

/**
 * A server on which routes of users, `/api/…`, become routes of the server API, `/api/server/…`: called with a key of
 * the given scope, as the user in `chasqui-actor` or as the system. Changes are written to the audit log.
 */
export function asActor(app: ApiServer, context: ApiContext, scopes: ActorScopes): ApiServer {
  const { changes = () => 'change_group', asDisabled = false } = scopes;
  return mountedAt(app, 'server', (route) => {
    const { method, schema, handler } = route;
    const isRead = method === 'GET' || method === 'HEAD';
    return {
      config: { scope: isRead ? scopes.read : (scopes.write ?? scopes.read) },
      schema: serverSchema(schema),
      // After the header was checked.
      preHandler: async (request: FastifyRequest) => {
        request.userId = (request.headers[ACTOR_HEADER] as UserId | undefined) ?? SYSTEM_USER;
        if (isRead) return;
        if (!asDisabled) await mustBeEnabled(context, request.userId);
        // Nothing of theirs comes back.
        else await mustNotBeErased(context, request.userId);
      },
      handler: (request: FastifyRequest, reply: FastifyReply) => {
        const action = isRead ? scopes.audits : changes(route);
        if (action === undefined) return handler(request, reply);
        return audited(context, request, action, () => askedByHeader(() => handler(request, reply)));
      },
    };
  });
}

function serverSchema(schema: UserRoute['schema']) {
  const { properties } = (schema.headers ?? {}) as { properties?: object };
  return {
    ...schema,
    tags: ['server-api'],
    security: API_KEY,
    headers: Type.Object({ ...properties, [ACTOR_HEADER]: Type.Optional(ActorField) }),
    response: { ...schema.response, ...problems(403, 404, 429) },
  };
}

/** Who may not come in changes nothing either, as in sending. Errors: `forbidden`. */
async function mustBeEnabled({ revocations }: Pick<ApiContext, 'revocations'>, userId: UserId): Promise<void> {
  if (userId === SYSTEM_USER) return;
  const [disabledAt = null] = await revocations.disabled([userId]);
  if (disabledAt === null) return;
  throw new ImError('forbidden', 'this user is disabled', { field: ACTOR_HEADER });
}

/** Errors: `user_erased`. */
async function mustNotBeErased({ erasures }: Pick<ApiContext, 'erasures'>, userId: UserId): Promise<void> {
  const [erasure = null] = await erasures.get([userId]);
  if (erasure === null) return;
  throw new ImError('user_erased', 'this user was erased, and the id is never given again', { field: ACTOR_HEADER });
}

function audited(
  { auditTrail }: ApiContext,
  request: FastifyRequest,
  action: AuditAction,
  work: () => unknown,
): Promise<unknown> {
  const { apiKey, userId } = request;
  const detail = `${callOf(request)} as ${userId}`;
  const act = { actor: `key:${apiKey.keyId}`, action, target: '', detail } as const;
  return auditTrail.record(act, async () => work());
}

/** Whom a change names as its asker comes from the header. Errors: those of the work. */
async function askedByHeader(work: () => unknown): Promise<unknown> {
  try {
    return await work();
  } catch (error) {
    const { code, message, details } = ImError.from(error);
    if (details.field !== 'by') throw error;
    throw new ImError(code, `${message} in the header ${ACTOR_HEADER}`, { field: ACTOR_HEADER }, error);
  }
}
