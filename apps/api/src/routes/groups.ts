import { groupHead } from '@chasqui/core';
import { defined, GROUP_ID_PATTERN, type Group, type UserId } from '@chasqui/domain';
import { GroupHeadField, GroupSettingsField } from '@chasqui/protocol';
import Type from 'typebox';
import type { ApiContext, ApiServer } from '../context.ts';
import { addingTerms } from '../groups/addable-users.ts';
import {
  askerOf,
  closed,
  groupParams,
  KeyHeader,
  NewGroupIdField,
  profileFields,
  SkippedField,
  UsersField,
} from '../groups/fields.ts';
import { newGroupId } from '../groups/group-changes.ts';
import { groupBody } from '../http/group-body.ts';
import { PageLimitField, pageOf, timeCursor, timeCursorField, timeCursorText } from '../http/paging.ts';
import { BEARER, GROUP_PROBLEMS, MEMBER_PROBLEMS, problems, shared } from '../http/schemas.ts';

const CursorField = timeCursorField(GROUP_ID_PATTERN);

export function groups(app: ApiServer, context: ApiContext): void {
  const { groups: store, access, groupChanges } = context;
  const bodyFor = async (group: Group, userId: UserId) => {
    const [member] = await store.members([{ conversationId: group.conversationId, userId }]);
    return groupBody(group, member);
  };
  app.post(
    '/api/groups',
    {
      schema: {
        operationId: 'createGroup',
        tags: ['groups'],
        summary: 'Create a group, which the caller then owns',
        security: BEARER,
        headers: KeyHeader,
        body: Type.Object(
          {
            conversationId: Type.Optional(NewGroupIdField),
            name: profileFields.name,
            description: Type.Optional(profileFields.description),
            picture: Type.Optional(profileFields.picture),
            settings: Type.Optional(Type.Partial(GroupSettingsField, closed)),
            members: Type.Optional({
              ...UsersField,
              minItems: 0,
              description: 'Besides the caller; empty or absent: nobody.',
            }),
          },
          { ...closed, examples: [{ name: 'Team', members: ['bob'] }] },
        ),
        response: {
          201: Type.Object({ group: shared('Group'), skipped: SkippedField }, { description: 'Created.' }),
          ...GROUP_PROBLEMS,
        },
      },
    },
    async (request, reply) => {
      const { name, description = '', picture = '', settings = {}, members: named = [] } = request.body;
      const asker = askerOf(request);
      const { conversationId = newGroupId(asker) } = request.body;
      const members = [...new Set(named)].filter((userId) => userId !== asker.by);
      const details = { name, description, picture, settings, members };
      const terms = () => addingTerms(context, asker.by, members);
      const outcome = await groupChanges.apply({ change: 'create', conversationId, details }, asker, terms);
      const { group, skipped = [] } = outcome;
      return reply.code(201).send({ group: await bodyFor(group, request.userId), skipped: [...skipped] });
    },
  );
  app.get(
    '/api/groups',
    {
      schema: {
        operationId: 'listGroups',
        tags: ['groups'],
        summary: "The user's groups, the most recently active first",
        description:
          'Also those that the user has left, which have no `role`; without those that they left after they were dissolved.',
        security: BEARER,
        querystring: Type.Object({ cursor: Type.Optional(CursorField), limit: Type.Optional(PageLimitField) }, closed),
        response: {
          200: Type.Object(
            {
              groups: Type.Array(GroupHeadField),
              nextCursor: Type.Optional(Type.String({ description: 'Absent on the last page.' })),
            },
            { description: 'A page of groups.' },
          ),
          ...problems(...MEMBER_PROBLEMS),
        },
      },
    },
    async ({ userId, query: { cursor, limit = 50 } }) => {
      const before = timeCursor(cursor);
      const heads = await store.heads(userId, { ...defined({ before }), limit: limit + 1 });
      const { items, last } = pageOf(heads.map(groupHead), limit);
      return { groups: items, ...defined({ nextCursor: timeCursorText(last) }) };
    },
  );
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
      return bodyFor(group, userId);
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
