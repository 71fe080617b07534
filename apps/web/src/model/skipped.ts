import type { SkippedUser, UserId } from '@chasqui/domain';

/** The names of those who were chosen for a group, and could not be added. */
export function namesOfSkipped(
  skipped: readonly SkippedUser[],
  chosen: readonly { userId: UserId; displayName: string }[],
): string {
  return skipped.map(({ userId }) => chosen.find((one) => one.userId === userId)?.displayName ?? userId).join(', ');
}
