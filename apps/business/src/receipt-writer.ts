import type { InboxReceipt, InboxUpdate, UserId } from '@chasqui/domain';
import { receiptFrame } from '@chasqui/journey';
import { encodeServerFrame } from '@chasqui/protocol';
import type { BusinessContext } from './business-context.ts';

/** Message ids in one receipt. */
const MAX_IDS = 200;

export interface ReceiptFor {
  /** The sender of the messages. */
  userId: UserId;
  receipt: InboxReceipt;
}

/**
 * Writes receipts into the inboxes of those who sent the messages, then pushes them live with their positions: whoever
 * misses the push finds the receipt on the next sync (C7).
 */
export async function writeReceipts(context: BusinessContext, receipts: readonly ReceiptFor[]): Promise<void> {
  const items = receipts.flatMap(split);
  if (items.length === 0) return;
  const updates: { userId: UserId; update: InboxUpdate }[] = items.map(({ userId, receipt }) => ({
    userId,
    update: receipt,
  }));
  const positions = await context.inboxes.append(updates);
  for (const { receipt } of items) context.metrics.receipt(receipt.state);
  await context.router.route(
    items.map(({ userId, receipt }, index) => ({
      userId,
      frame: encodeServerFrame(receiptFrame(receipt, positions[index] ?? 0)),
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
