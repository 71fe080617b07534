import type { ConversationId, UserId } from '@chasqui/domain';
import type { ApiContext } from '../context.ts';
import type { StepGuard } from './erase-person.ts';

type GroupsContext = Pick<ApiContext, 'groups' | 'groupChanges' | 'limits'>;

/**
 * Takes a user out of all groups, as if they left, and withdraws their requests to join others. A group that they own is
 * handed to the first of the others, an admin if there is one; without others it is dissolved. May be repeated.
 */
export async function leaveGroups(context: GroupsContext, userId: UserId, goOn: StepGuard): Promise<void> {
  const { groups, limits } = context;
  await groups.removeRequests(userId);
  const stays = await groups.stays(userId, limits.maxGroupsPerUser);
  const found = await groups.groups(stays.map(({ conversationId }) => conversationId));
  for (const group of found) {
    if (group === null) continue;
    await goOn();
    if (group.owner === userId && group.dissolvedAt === 0) await handOver(context, group.conversationId, userId);
    await change(context, { change: 'leave', conversationId: group.conversationId, details: {} }, userId);
  }
}

async function handOver(context: GroupsContext, conversationId: ConversationId, userId: UserId): Promise<void> {
  const members = await context.groups.page(conversationId, { limit: 2 });
  const heir = members.find((member) => member.userId !== userId);
  if (heir === undefined) return;
  await change(context, { change: 'transfer', conversationId, details: { userId: heir.userId } }, userId);
}

async function change(
  { groupChanges }: GroupsContext,
  asked: Parameters<ApiContext['groupChanges']['apply']>[0],
  by: UserId,
): Promise<void> {
  await groupChanges.apply(asked, { by, key: undefined, isServer: true });
}
