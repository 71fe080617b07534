import type { Metrics } from '@chasqui/kit';
import type { SendResult } from './webhook-sender.ts';

/** Metrics of a Hooks process. */
export interface HooksMetrics {
  /** A request was answered or timed out. */
  answered(result: SendResult['type'], ms: number): void;
  /** An event was given up. */
  ended(result: 'dead_letter'): void;
  /** Events left the log undelivered. */
  lost(count: number): void;
  logged(count: number): void;
}

export function createHooksMetrics(metrics: Metrics): HooksMetrics {
  const requests = metrics.counter('hooks_requests_total', 'Requests to webhook endpoints, by answer', ['answer']);
  const latency = metrics.latency('hooks_request_seconds', 'Time of a request to a webhook endpoint');
  const deadLetters = metrics.counter('hooks_dead_letters_total', 'Server events that a webhook endpoint did not take');
  const lost = metrics.counter('hooks_lost_events_total', 'Server events that left the log before they were delivered');
  const logged = metrics.counter('hooks_events_total', 'Server events appended to the log');
  return {
    answered(answer, ms) {
      requests.inc({ answer });
      latency.observe(ms / 1_000);
    },
    ended: () => deadLetters.inc(),
    lost: (count) => lost.inc(count),
    logged: (count) => logged.inc(count),
  };
}
