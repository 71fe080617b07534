import { ImError, type Moment, type MomentId, PEOPLE_LIMITS, type UserId } from '@chasqui/domain';
import type { MomentPage } from '@chasqui/ports';
import type { ApiContext } from '../context.ts';

type MomentContext = Pick<ApiContext, 'moments' | 'contacts' | 'blocks'>;

/**
 * A moment that the viewer may see: the viewer's own, or one by a contact that is for all contacts or for the viewer
 * too. Blocks need no check, as blocked and blocking users are not contacts. Errors: `not_found`, whether or not the
 * moment exists.
 */
export async function visibleMoment(context: MomentContext, viewer: UserId, momentId: MomentId): Promise<Moment> {
  const [moment = null] = await context.moments.get([momentId]);
  if (moment !== null && (await maySee(context, viewer, moment))) return moment;
  throw noSuchMoment();
}

export function noSuchMoment(): ImError {
  return new ImError('not_found', 'there is no such moment', { field: 'momentId' });
}

async function maySee({ contacts }: MomentContext, viewer: UserId, { author, chosen }: Moment): Promise<boolean> {
  if (author === viewer) return true;
  if (chosen !== null && !chosen.includes(viewer)) return false;
  const [state] = await contacts.states(viewer, [author]);
  return state === 'contact';
}

/** One author's moments, as the viewer may see them. */
export async function momentsOf(
  { moments, contacts }: MomentContext,
  viewer: UserId,
  author: UserId,
  page: MomentPage,
): Promise<Moment[]> {
  const [state] = author === viewer ? ['contact'] : await contacts.states(viewer, [author]);
  return state === 'contact' ? moments.page(viewer, [author], page) : [];
}

/** The moments of the viewer and the viewer's contacts, as the viewer may see them. */
export async function feedOf(
  { moments, contacts }: MomentContext,
  viewer: UserId,
  page: MomentPage,
): Promise<Moment[]> {
  const known = await contacts.list(viewer, { state: 'contact', limit: PEOPLE_LIMITS.maxContactsPerUser });
  return moments.page(viewer, [viewer, ...known.map(({ other }) => other)], page);
}

/** Omits items by users whom the viewer blocks or who block the viewer. */
export async function withoutBlocked<T>(
  { blocks }: MomentContext,
  viewer: UserId,
  items: readonly T[],
  fromOf: (item: T) => UserId,
): Promise<T[]> {
  const pairs = items.flatMap((item) => [
    { userId: viewer, other: fromOf(item) },
    { userId: fromOf(item), other: viewer },
  ]);
  const blocked = await blocks.blocked(pairs);
  return items.filter((_, i) => !blocked[2 * i] && !blocked[2 * i + 1]);
}
