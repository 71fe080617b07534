import type { UserId } from '@chasqui/domain';
import type { Engines } from '@chasqui/ports';

type Sources = Pick<
  Engines,
  'profiles' | 'users' | 'revocations' | 'devices' | 'conversations' | 'groups' | 'contacts' | 'blocks'
>;

/**
 * Whether anything here is of this user: an account, a profile, a device that connected, a conversation, a group, a contact
 * or a block, or that they were disabled. Users of a host application need no profile, so that a profile alone does not say.
 */
export async function isKnownUser(engines: Sources, userId: UserId): Promise<boolean> {
  const { profiles, users, revocations, devices, conversations, groups, contacts, blocks } = engines;
  const [[profile = null], account] = await Promise.all([profiles.get([userId]), users.get(userId)]);
  if (profile !== null || account !== null) return true;
  const [[disabledAt = null], [own = []], ...lists] = await Promise.all([
    revocations.disabled([userId]),
    devices.list([userId]),
    conversations.list(userId, 1),
    groups.heads(userId, { limit: 1, unlisted: true }),
    contacts.list(userId, { limit: 1 }),
    blocks.list(userId, { limit: 1 }),
  ]);
  return disabledAt !== null || own.length > 0 || lists.some((list) => list.length > 0);
}

/** Whether an erasure of this user means somebody: one that was asked for before may be asked for again. */
export async function isErasable(engines: Sources & Pick<Engines, 'erasures'>, userId: UserId): Promise<boolean> {
  const [begun = null] = await engines.erasures.get([userId]);
  return begun !== null || (await isKnownUser(engines, userId));
}
