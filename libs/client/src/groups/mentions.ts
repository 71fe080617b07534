import { isUserId, MAX_MENTIONS, type Mentions, type UserId } from '@chasqui/domain';

/** Whether all members, or some different ones, are mentioned. */
export function areMentions(mentions: Mentions): boolean {
  if (mentions === 'all') return true;
  const count = new Set(mentions).size;
  return count === mentions.length && count >= 1 && count <= MAX_MENTIONS && mentions.every(isUserId);
}

export function mentionsUser(mentions: Mentions | undefined, userId: UserId): boolean {
  return mentions === 'all' || mentions?.includes(userId) === true;
}
