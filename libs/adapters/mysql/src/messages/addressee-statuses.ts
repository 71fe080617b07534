import { type MessageStatus, statusOfRank, type UserId } from '@chasqui/domain';

/**
 * The rank (see `statusRank`) for each addressee of a message, as text: `2bob,0cat`. Each addressee is named from the start, so that nobody else finds a status to raise,
 * and a rise does not make the row longer.
 */
export function encodeStatuses(ranks: ReadonlyMap<UserId, number>): string {
  return [...ranks].map(([member, rank]) => `${rank}${member}`).join(',');
}

export function decodeStatuses(text: string): Map<UserId, number> {
  return new Map(text === '' ? [] : text.split(',').map((one) => [one.slice(1), Number(one[0])]));
}

/** The statuses beyond *stored*, as messages have them. */
export function shownStatuses(text: string): { [member: UserId]: MessageStatus } {
  const above = [...decodeStatuses(text)].filter(([, rank]) => rank > 0);
  return Object.fromEntries(above.map(([member, rank]) => [member, statusOfRank(rank)]));
}
