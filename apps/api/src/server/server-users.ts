import { type AuditAction, ImError, initialProfile, type Profile, SYSTEM_USER, type UserId } from '@chasqui/domain';
import type { ApiContext } from '../context.ts';
import { mustNotBeErased } from '../people/disable-user.ts';
import { erasedAmong } from '../people/erased-among.ts';
import { changeProfile, knownProfile, noSuchUser, profileOf, storeFirst } from '../people/profiles.ts';

type UsersContext = Parameters<typeof changeProfile>[0] & Pick<ApiContext, 'erasures' | 'revocations' | 'auditTrail'>;

/** What a host application says of a user. */
export interface UserFields {
  displayName?: string;
  avatar?: string;
  locale?: string;
  bot?: boolean;
}

/** A user as the server API shows them; null: this server knows no such user. */
export async function serverUsers({ users, revocations }: UsersContext, profiles: readonly Profile[]) {
  const userIds = profiles.map(({ userId }) => userId);
  const [accounts, disabled] = await Promise.all([
    Promise.all(userIds.map((userId) => users.get(userId))),
    revocations.disabled(userIds),
  ]);
  return profiles.map(({ userId, displayName, avatar, locale, bot = false }, place) => {
    const registeredAt = accounts[place]?.createdAt;
    const disabledAt = disabled[place] ?? undefined;
    return {
      ...{ userId, displayName, avatar, locale, bot },
      ...(registeredAt === undefined ? {} : { registeredAt }),
      ...(disabledAt === undefined ? {} : { disabledAt }),
    };
  });
}

/** A user's profile. Errors: `not_found`, also for users who were erased or are being erased. */
export async function keptProfile(context: UsersContext, userId: UserId): Promise<Profile> {
  await mustBeKept(context, userId);
  return knownProfile(context, userId);
}

/** Errors: `not_found`. */
async function mustBeKept({ erasures }: UsersContext, userId: UserId): Promise<void> {
  const [erased] = await erasedAmong(erasures, [userId]);
  if (erased !== undefined) throw noSuchUser();
}

/**
 * A user's profile; the initial one for users without one who are disabled, so that a host application sees that they are.
 * Errors: `not_found`, also for users who were erased.
 */
export async function shownProfile(context: UsersContext, userId: UserId): Promise<Profile> {
  await mustBeKept(context, userId);
  const profile = await profileOf(context, userId);
  if (profile !== null) return profile;
  const [disabledAt = null] = await context.revocations.disabled([userId]);
  if (disabledAt !== null) return initialProfile(userId);
  throw noSuchUser();
}

/** Creates a user without a password, or changes one. Errors: `content_invalid` for a reserved id; `user_erased`. */
export async function upsertUser(
  context: Omit<UsersContext, 'auditTrail' | 'revocations'>,
  userId: UserId,
  fields: UserFields,
): Promise<'created' | 'changed'> {
  mustBeFree(userId);
  await mustNotBeErased(context, userId);
  const before = await profileOf(context, userId);
  if (before === null) {
    const { displayName = userId } = fields;
    if (await storeFirst(context, { ...initialProfile(userId, displayName), ...changesOf(fields) })) return 'created';
  }
  await changeProfile(context, userId, changesOf(fields));
  return 'changed';
}

/** Errors: `content_invalid`. */
export function mustBeFree(userId: UserId): void {
  // `/api/users/me` is the current user.
  if (userId !== SYSTEM_USER && userId !== 'me') return;
  throw new ImError('content_invalid', 'this user id is reserved', { field: 'userId' });
}

export function changesOf({ bot, ...fields }: UserFields): Partial<Profile> {
  return { ...fields, ...(bot === undefined ? {} : { bot: bot || undefined }) } as Partial<Profile>;
}

/** Runs a change by a key; it is in the audit log before it is done. */
export function auditedByKey<T>(
  { auditTrail }: Pick<ApiContext, 'auditTrail'>,
  act: { keyId: string; action: AuditAction; target: UserId },
  work: () => Promise<T>,
): Promise<T> {
  const { keyId, action, target } = act;
  return auditTrail.record({ actor: `key:${keyId}`, action, target }, work);
}
