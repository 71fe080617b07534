import type { MessageState } from '@chasqui/client';

const order: readonly MessageState[] = ['sending', 'queued', 'stored', 'unread', 'delivered', 'read', 'failed'];

/** The further of the two (C7: states only move forward). */
export function laterState(a: MessageState, b: MessageState): MessageState {
  return order.indexOf(a) >= order.indexOf(b) ? a : b;
}

/** The icon beside an own message. */
export type StateSign = 'clock' | 'tick-open' | 'tick' | 'tick-away' | 'ticks' | 'ticks-read' | 'alert';

export const STATE_SIGNS: Record<MessageState, StateSign> = {
  sending: 'clock',
  queued: 'tick-open',
  stored: 'tick',
  unread: 'tick-away',
  delivered: 'ticks',
  read: 'ticks-read',
  failed: 'alert',
};
