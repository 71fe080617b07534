import type { Profile } from '@chasqui/domain';
import type { ApiContext, ApiServer } from '../context.ts';
import { BEARER, BODY_PROBLEMS, MEMBER_PROBLEMS, problems } from '../http/schemas.ts';
import { OwnProfile, ProfileChange } from '../people/profile-fields.ts';
import { changeProfile, ownProfile } from '../people/profiles.ts';

export function me(app: ApiServer, context: ApiContext): void {
  app.get(
    '/api/users/me',
    {
      schema: {
        operationId: 'readMe',
        tags: ['users'],
        summary: 'Your own profile',
        description: 'A user of the host application without a profile is shown by the user id.',
        security: BEARER,
        response: { 200: OwnProfile, ...problems(...MEMBER_PROBLEMS) },
      },
    },
    async ({ userId }) => bodyOf(await ownProfile(context, userId)),
  );
  app.patch(
    '/api/users/me',
    {
      schema: {
        operationId: 'changeMe',
        tags: ['users'],
        summary: 'Change your profile, notification and privacy settings',
        description: 'Omitted fields keep their values.',
        security: BEARER,
        body: ProfileChange,
        response: { 200: OwnProfile, ...problems(...BODY_PROBLEMS, 401, 422) },
      },
    },
    async ({ userId, body }) => {
      const changed = await changeProfile(context, userId, body);
      if (body.privacy?.presence !== undefined) await context.relationNotices.changed(userId);
      return bodyOf(changed);
    },
  );
}

function bodyOf({ version: _, updatedAt: __, privacy, ...said }: Profile) {
  const { groups = 'everyone', ...others } = privacy;
  return { ...said, privacy: { ...others, groups } };
}
