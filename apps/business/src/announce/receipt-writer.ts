import { receiptFrame } from '@chasqui/core';
import {
  type ConversationId,
  inboxOf,
  type MessageId,
  type Position,
  type ReceiptUpdate,
  type UserId,
} from '@chasqui/domain';
import { encodeServerFrame } from '@chasqui/protocol';
import type { BusinessContext } from '../business-context.ts';

/** Maximum number of message ids in one receipt. */
const MAX_IDS = 200;

export interface ReceiptFor {
  /** The sender of the messages. */
  userId: UserId;
  receipt: ReceiptUpdate;
}

/** A receipt that an inbox has and that is still to be pushed. */
export interface WrittenReceipt extends ReceiptFor {
  position: Position;
}

/**
 * Writes receipts into the inboxes of the messages' senders, then pushes them live with their positions. A device that
 * misses the push gets the receipt on its next sync (C7).
 */
export async function writeReceipts(context: BusinessContext, receipts: readonly ReceiptFor[]): Promise<void> {
  await pushReceipts(context, await appendReceipts(context, receipts));
}

/** First half: writes the inboxes. */
export async function appendReceipts(
  { logs }: Pick<BusinessContext, 'logs'>,
  receipts: readonly ReceiptFor[],
): Promise<WrittenReceipt[]> {
  const items = receipts.flatMap(split);
  if (items.length === 0) return [];
  const positions = await logs.append(items.map(({ userId, receipt }) => ({ log: inboxOf(userId), update: receipt })));
  return items.map((item, index) => ({ ...item, position: positions[index] ?? 0 }));
}

/** Second half: pushes to the sockets. */
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

/** Receipts about messages in `by`'s inbox: one for each conversation and sender, with its messages in order. */
export function receiptsOf(
  state: 'unread' | 'delivered',
  messages: readonly { from: UserId; by: UserId; conversationId: ConversationId; messageId: MessageId; at: number }[],
): ReceiptFor[] {
  const receipts = new Map<string, ReceiptFor & { receipt: { messageIds: MessageId[] } }>();
  for (const { from, by, conversationId, messageId, at } of messages) {
    const key = `${conversationId} ${from} ${by}`;
    const known = receipts.get(key);
    if (known !== undefined) known.receipt.messageIds.push(messageId);
    else {
      const receipt = { type: 'receipt' as const, conversationId, state, messageIds: [messageId], by, at };
      receipts.set(key, { userId: from, receipt });
    }
  }
  return [...receipts.values()];
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
