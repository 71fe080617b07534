import type { UserId } from '@chasqui/domain';

/** Where one member's status is kept: a column of its rank, and one per rank for the step that led to it. */
export interface StatusColumns {
  rank: string;
  step(rank: number): string;
}

export const RANK = 'r:';
/** Rows of releases up to 0.1 do not name the member. */
export const STEP = /^s([1-3])(?::(.*))?$/s;

/** Columns are named after the member, so that raising another member's status does not find them. */
export function statusColumns(member: UserId): StatusColumns {
  return { rank: `${RANK}${member}`, step: (rank) => `s${rank}:${member}` };
}
