/**
 * The status of a stored message for a member; it only moves forward. `unread`: the member was offline when the message
 * arrived (the design's state *offline*). Statuses of one message merge by maximum.
 */
export const MESSAGE_STATUSES = ['stored', 'unread', 'delivered', 'read'] as const;
export type MessageStatus = (typeof MESSAGE_STATUSES)[number];

/** The statuses after `stored` that are reported to the sender. */
export type ReceiptState = 'unread' | 'delivered' | 'read';

const rank: Record<MessageStatus, number> = { stored: 0, unread: 1, delivered: 2, read: 3 };

/** 0 for `stored` to 3 for `read`. */
export function statusRank(status: MessageStatus): number {
  return rank[status];
}

export function statusOfRank(value: number): MessageStatus {
  return MESSAGE_STATUSES[value] ?? 'stored';
}

/** The later of the two (C7: receipts only move forward). */
export function laterStatus(a: MessageStatus, b: MessageStatus): MessageStatus {
  return rank[a] >= rank[b] ? a : b;
}
