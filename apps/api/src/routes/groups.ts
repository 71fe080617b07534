import { groupHead } from '@chasqui/core';
import { defined, GROUP_ID_PATTERN } from '@chasqui/domain';
import { GroupHeadField, GroupSettingsField } from '@chasqui/protocol';
import Type from 'typebox';
import type { ApiContext, ApiServer } from '../context.ts';
import { addingTerms } from '../groups/addable-users.ts';
import {
  askerOf,
  closed,
  KeyHeader,
  NewGroupIdField,
  profileFields,
  SkippedField,
  UsersField,
} from '../groups/fields.ts';
import { newGroupId } from '../groups/group-changes.ts';
import { PageLimitField, pageOf, timeCursor, timeCursorField, timeCursorText } from '../http/paging.ts';
import { BEARER, GROUP_PROBLEMS, MEMBER_PROBLEMS, problems, shared } from '../http/schemas.ts';
import { bodyFor } from './group.ts';

const CursorField = timeCursorField(GROUP_ID_PATTERN);

/** Creates groups and lists those of a user. */
export function groups(app: ApiServer, context: ApiContext): void {
  const { groups: store, groupChanges } = context;
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
      return reply.code(201).send({ group: await bodyFor(context, group, request.userId), skipped: [...skipped] });
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
}
