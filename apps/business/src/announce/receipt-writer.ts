import { receiptFrame } from '@chasqui/core';
import type { InboxReceipt, InboxUpdate, Position, UserId } from '@chasqui/domain';
import { encodeServerFrame } from '@chasqui/protocol';
import type { BusinessContext } from '../business-context.ts';

/** Message ids in one receipt. */
const MAX_IDS = 200;

export interface ReceiptFor {
  /** The sender of the messages. */
  userId: UserId;
  receipt: InboxReceipt;
}

/** What stands in an inbox and has still to be pushed. */
export interface WrittenReceipt extends ReceiptFor {
  position: Position;
}

/**
 * Writes receipts into the inboxes of those who sent the messages, then pushes them live with their positions: whoever
 * misses the push finds the receipt on the next sync (C7).
 */
export async function writeReceipts(context: BusinessContext, receipts: readonly ReceiptFor[]): Promise<void> {
  await pushReceipts(context, await appendReceipts(context, receipts));
}

/** The first half: into the inboxes. */
export async function appendReceipts(
  { inboxes }: Pick<BusinessContext, 'inboxes'>,
  receipts: readonly ReceiptFor[],
): Promise<WrittenReceipt[]> {
  const items = receipts.flatMap(split);
  if (items.length === 0) return [];
  const updates: { userId: UserId; update: InboxUpdate }[] = items.map(({ userId, receipt }) => ({
    userId,
    update: receipt,
  }));
  const positions = await inboxes.append(updates);
  return items.map((item, index) => ({ ...item, position: positions[index] ?? 0 }));
}

/** The second half: to the sockets. */
export async function pushReceipts(
  { metrics, router }: Pick<BusinessContext, 'metrics' | 'router'>,
  written: readonly WrittenReceipt[],
): Promise<void> {
  if (written.length === 0) return;
  for (const { receipt } of written) metrics.receipt(receipt.state);
  await router.route(
    written.map(({ userId, receipt, position }) => ({
      userId,
      frame: encodeServerFrame(receiptFrame(receipt, position)),
    })),
  );
}

function split({ userId, receipt }: ReceiptFor): ReceiptFor[] {
  const { messageIds, ...rest } = receipt;
  if (messageIds === undefined || messageIds.length <= MAX_IDS) return [{ userId, receipt }];
  const parts: ReceiptFor[] = [];
  for (let start = 0; start < messageIds.length; start += MAX_IDS) {
    parts.push({ userId, receipt: { ...rest, messageIds: messageIds.slice(start, start + MAX_IDS) } });
  }
  return parts;
}
