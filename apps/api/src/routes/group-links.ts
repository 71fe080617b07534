import { defined, type GroupLink, ImError, isAllowed } from '@chasqui/domain';
import { GroupIdField, TimeField, UserIdField } from '@chasqui/protocol';
import Type, { type Static } from 'typebox';
import type { ApiContext, ApiServer } from '../context.ts';
import { askerOf, closed, groupParams, KeyHeader, LinkIdField } from '../groups/fields.ts';
import { newLinkId } from '../groups/link-id.ts';
import { BEARER, GROUP_PROBLEMS, MEMBER_PROBLEMS, problems } from '../http/schemas.ts';

const UsesField = Type.Integer({ minimum: 1, maximum: 1_000_000, description: 'Absent: any number.' });

const Link = Type.Object({
  linkId: LinkIdField,
  createdBy: UserIdField,
  createdAt: TimeField,
  expiresAt: Type.Optional({ ...TimeField, description: 'Absent: never.' }),
  usesLeft: Type.Optional(UsesField),
});

function linkBody({ linkId, createdBy, createdAt, expiresAt, usesLeft }: GroupLink): Static<typeof Link> {
  return {
    linkId,
    createdBy,
    createdAt,
    ...defined({ expiresAt: expiresAt || undefined, usesLeft: usesLeft ?? undefined }),
  };
}

/** Links by which users join a group by themselves. */
export function groupLinks(app: ApiServer, context: ApiContext): void {
  const { groups: store, access, groupChanges } = context;
  app.post(
    '/api/groups/:conversationId/links',
    {
      schema: {
        operationId: 'createLink',
        tags: ['groups'],
        summary: 'Make a link to a group, by those whom `settings.add` names',
        security: BEARER,
        headers: KeyHeader,
        params: groupParams,
        body: Type.Object(
          {
            expiresAt: Type.Optional({ ...TimeField, description: 'Unix time in milliseconds; absent: never.' }),
            uses: Type.Optional({ ...UsesField, description: 'How many may use it; absent: any number.' }),
          },
          { ...closed, examples: [{ uses: 10 }] },
        ),
        response: {
          201: Type.Object({ linkId: LinkIdField }, { description: 'The link.' }),
          ...GROUP_PROBLEMS,
        },
      },
    },
    async (request, reply) => {
      const { expiresAt = 0, uses = null } = request.body;
      const made = newLinkId();
      const details = { linkId: made, expiresAt, uses };
      const outcome = await groupChanges.apply({ change: 'link', ...request.params, details }, askerOf(request));
      return reply.code(201).send({ linkId: outcome.linkId ?? made });
    },
  );
  app.get(
    '/api/groups/:conversationId/links',
    {
      schema: {
        operationId: 'listLinks',
        tags: ['groups'],
        summary: 'The links of a group, newest first',
        description: 'For those whom `settings.add` names: admins see all links, others those that they made.',
        security: BEARER,
        params: groupParams,
        response: {
          200: Type.Object({ links: Type.Array(Link) }, { description: 'At most 100.' }),
          ...problems(...MEMBER_PROBLEMS, 403),
        },
      },
    },
    async ({ userId, params: { conversationId } }) => {
      const { group, member } = await access.groupOf(conversationId, userId);
      if (!isAllowed(group.settings.add, member.role)) {
        throw new ImError('not_allowed', 'only admins of this group may see its links', { field: 'conversationId' });
      }
      const links = await store.links(conversationId);
      const own = links.filter(({ createdBy }) => member.role !== 'member' || createdBy === userId);
      return { links: own.map(linkBody) };
    },
  );
  app.delete(
    '/api/groups/:conversationId/links/:linkId',
    {
      schema: {
        operationId: 'removeLink',
        tags: ['groups'],
        summary: 'End a link, by an admin or whoever made it',
        security: BEARER,
        headers: KeyHeader,
        params: Type.Object({ conversationId: GroupIdField, linkId: LinkIdField }),
        response: { 204: Type.Null({ description: 'Ended.' }), ...GROUP_PROBLEMS },
      },
    },
    async (request, reply) => {
      const { conversationId, linkId } = request.params;
      await groupChanges.apply({ change: 'unlink', conversationId, details: { linkId } }, askerOf(request));
      return reply.code(204).send(null);
    },
  );
}
