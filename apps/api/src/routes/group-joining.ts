import { type GroupLink, ImError, isCurrent, mustAskToJoin } from '@chasqui/domain';
import { GroupDescriptionField, GroupIdField, GroupNameField, GroupPictureField } from '@chasqui/protocol';
import Type from 'typebox';
import type { ApiContext, ApiServer } from '../context.ts';
import { askerOf, KeyHeader, LinkIdField } from '../groups/fields.ts';
import { groupBody } from '../http/group-body.ts';
import { BEARER, GROUP_PROBLEMS, MEMBER_PROBLEMS, problems, shared } from '../http/schemas.ts';

/** What whoever has a link can do with it. */
export function groupJoining(app: ApiServer, { groups: store, groupChanges, clock }: ApiContext): void {
  app.get(
    '/api/group-links/:linkId',
    {
      schema: {
        operationId: 'previewLink',
        tags: ['groups'],
        summary: 'What a link leads to',
        security: BEARER,
        params: Type.Object({ linkId: LinkIdField }),
        response: {
          200: Type.Object(
            {
              conversationId: GroupIdField,
              name: GroupNameField,
              description: GroupDescriptionField,
              picture: GroupPictureField,
              memberCount: Type.Integer({ minimum: 0 }),
              needsApproval: Type.Boolean({ description: 'An admin decides whether you join.' }),
              isMember: Type.Boolean({ description: 'You are in it already.' }),
            },
            { description: 'The group, as those see it who may join.' },
          ),
          ...problems(...MEMBER_PROBLEMS, 404),
        },
      },
    },
    async ({ userId, params: { linkId } }) => {
      const { conversationId, expiresAt } = await linkOf(linkId);
      if (expiresAt > 0 && expiresAt <= clock.now()) throw noSuchLink();
      const [[group], [member]] = await Promise.all([
        store.groups([conversationId]),
        store.members([{ conversationId, userId }]),
      ]);
      if (group == null || group.dissolvedAt > 0) throw noSuchLink();
      const { name, description, picture, memberCount } = group;
      const needsApproval = mustAskToJoin(group, member);
      return { conversationId, name, description, picture, memberCount, needsApproval, isMember: isCurrent(member) };
    },
  );
  app.post(
    '/api/group-links/:linkId/join',
    {
      schema: {
        operationId: 'joinGroup',
        tags: ['groups'],
        summary: 'Join the group that a link leads to, or ask to',
        security: BEARER,
        headers: KeyHeader,
        params: Type.Object({ linkId: LinkIdField }),
        response: {
          200: Type.Object(
            {
              conversationId: GroupIdField,
              state: Type.Union([Type.Literal('joined'), Type.Literal('requested')]),
              group: Type.Optional(shared('Group')),
            },
            { description: '`requested`: an admin decides; the group is shown to members only.' },
          ),
          ...GROUP_PROBLEMS,
        },
      },
    },
    async (request) => {
      const { userId, params } = request;
      const { conversationId } = await linkOf(params.linkId);
      const asked = { change: 'join', conversationId, details: params } as const;
      const outcome = await groupChanges.apply(asked, askerOf(request));
      if (outcome.isRequested) return { conversationId, state: 'requested' as const };
      const [member] = await store.members([{ conversationId, userId }]);
      return { conversationId, state: 'joined' as const, group: groupBody(outcome.group, member) };
    },
  );

  async function linkOf(linkId: string): Promise<GroupLink> {
    const link = await store.link(linkId);
    if (link === null) throw noSuchLink();
    return link;
  }
}

function noSuchLink(): ImError {
  return new ImError('link_invalid', 'this link has ended: ask for a new one', { field: 'linkId' });
}
