import { ImError, initialProfile, isTimeZone, type Profile, type UserId } from '@chasqui/domain';
import type { Static } from 'typebox';
import type { ApiContext } from '../context.ts';
import { mustBeOwnPicture } from './own-picture.ts';
import type { ProfileChange } from './profile-fields.ts';

type ProfileContext = Pick<ApiContext, 'profiles' | 'users' | 'clock'>;
type ChangeContext = ProfileContext &
  Pick<ApiContext, 'userEvents'> & { attachments: Pick<ApiContext['attachments'], 'pictured'> };

/** How many concurrent writers of one profile may come first; each of them succeeded. */
const TRIES = 5;

/** A user's profile; null: this server knows no such user. */
export async function profileOf({ profiles, users }: ProfileContext, userId: UserId): Promise<Profile | null> {
  const [profile = null] = await profiles.get([userId]);
  if (profile !== null) return profile;
  const user = await users.get(userId);
  return user === null ? null : initialProfile(userId, user.displayName);
}

/** A user's profile. Errors: `not_found`. */
export async function knownProfile(context: ProfileContext, userId: UserId): Promise<Profile> {
  const profile = await profileOf(context, userId);
  if (profile === null) throw noSuchUser();
  return profile;
}

export function noSuchUser(): ImError {
  return new ImError('not_found', 'there is no such user', { field: 'userId' });
}

/** A user with a valid token exists, even if this server has no record of them. */
export async function ownProfile(context: ProfileContext, userId: UserId): Promise<Profile> {
  return (await profileOf(context, userId)) ?? initialProfile(userId);
}

/** Makes a registered user findable. An existing profile stays. */
export async function beginProfile(context: ChangeContext, userId: UserId, name: string): Promise<void> {
  await storeFirst(context, initialProfile(userId, name));
}

/** False: there is a profile already. Errors: as of `mustBeOwnPicture`. */
export async function storeFirst(context: ChangeContext, profile: Profile): Promise<boolean> {
  const { profiles, clock, userEvents } = context;
  await mustBeOwnPicture(context, profile.userId, { picture: profile.avatar, field: 'avatar' });
  const first = { ...profile, version: 1, updatedAt: clock.now() };
  const isStored = await profiles.put(first);
  if (isStored) userEvents.stored(first);
  return isStored;
}

/** Changes the given fields and keeps the others. Errors: `content_invalid` for an unknown time zone; as of `mustBeOwnPicture`. */
export async function changeProfile(
  context: ChangeContext,
  userId: UserId,
  change: Static<typeof ProfileChange>,
): Promise<Profile> {
  const { timeZone } = change.notifications?.quietHours ?? {};
  if (timeZone !== undefined && !isTimeZone(timeZone)) {
    throw new ImError('content_invalid', 'there is no such time zone', { field: 'notifications.quietHours.timeZone' });
  }
  for (let i = 0; i < TRIES; i++) {
    const before = await ownProfile(context, userId);
    const { avatar: picture = before.avatar } = change;
    if (picture !== before.avatar) await mustBeOwnPicture(context, userId, { picture, field: 'avatar' });
    const after: Profile = {
      ...before,
      ...change,
      notifications: { ...before.notifications, ...change.notifications },
      privacy: { ...before.privacy, ...change.privacy },
      version: before.version + 1,
      updatedAt: context.clock.now(),
    };
    if (!(await context.profiles.put(after))) continue;
    context.userEvents.stored(after, before);
    return after;
  }
  throw new ImError('overloaded', 'other requests are changing the profile', { retryAfterMs: 100 });
}
