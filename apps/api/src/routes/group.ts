import type { Group, UserId } from '@chasqui/domain';
import { GroupSettingsField } from '@chasqui/protocol';
import Type from 'typebox';
import type { ApiContext, ApiServer } from '../context.ts';
import { askerOf, closed, groupParams, KeyHeader, profileFields } from '../groups/fields.ts';
import { groupBody } from '../http/group-body.ts';
import { BEARER, GROUP_PROBLEMS, MEMBER_PROBLEMS, problems, shared } from '../http/schemas.ts';

/** One group: reads, changes and dissolves it. */
export function group(app: ApiServer, context: ApiContext): void {
  const { access, groupChanges } = context;
  app.get(
    '/api/groups/:conversationId',
    {
      schema: {
        operationId: 'readGroup',
        tags: ['groups'],
        summary: 'A group of the user',
        security: BEARER,
        params: groupParams,
        response: { 200: shared('Group'), ...problems(...MEMBER_PROBLEMS, 403) },
      },
    },
    async ({ userId, params }) => {
      const { group, member } = await access.groupOf(params.conversationId, userId);
      return groupBody(group, member);
    },
  );
  app.patch(
    '/api/groups/:conversationId',
    {
      schema: {
        operationId: 'changeGroup',
        tags: ['groups'],
        summary: "Change a group's name, description, picture or settings",
        description:
          'What is absent stays. Settings are changed by admins, the others by those whom `settings.change` names.',
        security: BEARER,
        headers: KeyHeader,
        params: groupParams,
        body: Type.Object(
          {
            name: Type.Optional(profileFields.name),
            description: Type.Optional(profileFields.description),
            picture: Type.Optional(profileFields.picture),
            settings: Type.Optional(Type.Partial(GroupSettingsField, closed)),
          },
          { ...closed, minProperties: 1, examples: [{ name: 'Team', settings: { post: 'admins' } }] },
        ),
        response: { 200: shared('Group'), ...GROUP_PROBLEMS },
      },
    },
    async (request) => {
      const { params, userId, body: details } = request;
      const { group } = await groupChanges.apply({ change: 'update', ...params, details }, askerOf(request));
      return bodyFor(context, group, userId);
    },
  );
  app.delete(
    '/api/groups/:conversationId',
    {
      schema: {
        operationId: 'dissolveGroup',
        tags: ['groups'],
        summary: 'Dissolve a group, by its owner',
        description: 'Nobody can post in it any more; its members can still read it.',
        security: BEARER,
        headers: KeyHeader,
        params: groupParams,
        response: { 204: Type.Null({ description: 'Dissolved.' }), ...GROUP_PROBLEMS },
      },
    },
    async (request, reply) => {
      await groupChanges.apply({ change: 'dissolve', ...request.params, details: {} }, askerOf(request));
      return reply.code(204).send(null);
    },
  );
}

/** A group, as one user sees it. */
export async function bodyFor({ groups }: ApiContext, group: Group, userId: UserId) {
  const [member] = await groups.members([{ conversationId: group.conversationId, userId }]);
  return groupBody(group, member);
}
