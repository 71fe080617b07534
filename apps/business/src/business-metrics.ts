import type { Metrics } from '@chasqui/kit';

/** Metrics of a Business process. */
export interface BusinessMetrics {
  event(type: string): void;
  stored(seconds: number): void;
  duplicate(): void;
  receipt(state: string): void;
  dropped(reason: 'receipt_without_message' | 'conflict' | 'refused' | 'unprocessable'): void;
}

export function createBusinessMetrics(metrics: Metrics): BusinessMetrics {
  const events = metrics.tally('events_total', 'Bus events handled', 'type');
  const stored = metrics.latency('message_stored_seconds', 'From the publish of a message to its commit');
  const duplicates = metrics.counter('duplicates_total', 'Copies of messages found at storing');
  const receipts = metrics.tally('receipts_total', 'Receipts written to senders', 'state');
  const dropped = metrics.counter('dropped_total', 'Events that can never succeed', ['reason']);
  return {
    event: events,
    stored: (seconds) => stored.observe(seconds),
    duplicate: () => duplicates.inc(),
    receipt: receipts,
    dropped: (reason) => dropped.inc({ reason }),
  };
}
