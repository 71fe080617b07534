import { defined, type Profile, type UserId, type Visibility } from '@chasqui/domain';
import type { ApiContext } from '../context.ts';

type VisibilityContext = Pick<ApiContext, 'contacts' | 'blocks' | 'presence' | 'devices'>;

export interface Seen {
  /** Absent: hidden from the asker, or currently unknown. */
  online?: boolean;
  /** Unix ms. Absent: hidden from the asker, or never seen. */
  lastSeenAt?: number;
}

/** What `asker` may know about the user's presence. Blocked users learn nothing. */
export async function seenBy(context: VisibilityContext, asker: UserId, profile: Profile): Promise<Seen> {
  const { userId, privacy } = profile;
  const own = asker === userId;
  const [[blocked], [state]] = await Promise.all([
    context.blocks.blocked([{ userId, other: asker }]),
    context.contacts.states(userId, [asker]),
  ]);
  const isFor = (level: Visibility) =>
    own || (!blocked && (level === 'everyone' || (level === 'contacts' && state === 'contact')));
  const [online, lastSeenAt] = await Promise.all([
    isFor(privacy.presence) ? isOnline(context, userId) : undefined,
    isFor(privacy.lastSeen) ? lastSeen(context, userId) : undefined,
  ]);
  return { ...defined({ online, lastSeenAt }) };
}

/** Undefined: presence is away. */
async function isOnline({ presence }: VisibilityContext, userId: UserId): Promise<boolean | undefined> {
  const found = await presence.lookup([userId]).catch(() => undefined);
  return found === undefined ? undefined : (found[0]?.length ?? 0) > 0;
}

async function lastSeen({ devices }: VisibilityContext, userId: UserId): Promise<number | undefined> {
  const [[newest] = []] = await devices.list([userId]);
  return newest?.lastSeenAt;
}
