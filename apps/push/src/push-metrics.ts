import type { PushOutcome, PushProvider } from '@chasqui/domain';
import type { Metrics } from '@chasqui/kit';
import type { SendResult } from './push-sender.ts';

/** Metrics of a Push process. */
export interface PushMetrics {
  /** A request to a provider was answered or timed out. */
  answered(provider: PushProvider, answer: SendResult['type'], ms: number): void;
  /** An outcome was recorded for the first time. */
  ended(outcome: PushOutcome): void;
  putBack(tasks: number): void;
}

export function createPushMetrics(metrics: Metrics): PushMetrics {
  const labels = ['provider', 'result'] as const;
  const outcomes = metrics.counter('push_outcomes_total', 'Devices that push tasks ended for (C17)', labels);
  const requests = metrics.counter('push_requests_total', 'Requests to push providers, by answer', [
    ...(['provider', 'answer'] as const),
  ]);
  const latency = metrics.latency('push_request_seconds', 'Time of a request to a push provider', ['provider']);
  const putBack = metrics.counter('push_put_back_total', 'Push tasks that were put back to be tried later');
  return {
    answered(provider, answer, ms) {
      requests.inc({ provider, answer });
      latency.observe({ provider }, ms / 1_000);
    },
    ended: ({ provider, result }) => outcomes.inc({ provider: provider ?? 'none', result }),
    putBack: (tasks) => putBack.inc(tasks),
  };
}
