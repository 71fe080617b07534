import { isUserId, MAX_MENTIONS, type Mentions } from '@chasqui/domain';

/** Whether all members, or some different ones, are mentioned. */
export function areMentions(mentions: Mentions): boolean {
  if (mentions === 'all') return true;
  const count = new Set(mentions).size;
  return count === mentions.length && count >= 1 && count <= MAX_MENTIONS && mentions.every(isUserId);
}
