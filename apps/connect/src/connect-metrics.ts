import type { Metrics } from '@chasqui/kit';

/** Metrics of a node. Labels come from small fixed sets. */
export interface ConnectMetrics {
  frame(type: string): void;
  accepted(): void;
  queued(seconds: number): void;
  failed(code: string): void;
  pushed(count: number): void;
  closed(code: number): void;
}

export function createConnectMetrics(metrics: Metrics): ConnectMetrics {
  const frames = metrics.tally('frames_total', 'Frames from clients', 'type');
  const accepted = metrics.counter('messages_accepted_total', 'Messages accepted from senders');
  const queued = metrics.latency('message_queued_seconds', 'From a chat frame to its send_ack');
  const failed = metrics.counter('errors_total', 'Error frames, by code', ['code']);
  const pushed = metrics.counter('deliveries_total', 'Frames delivered to sockets for others');
  const closed = metrics.counter('closes_total', 'Closed connections, by close code', ['code']);
  return {
    frame: frames,
    accepted: () => accepted.inc(),
    queued: (seconds) => queued.observe(seconds),
    failed: (code) => failed.inc({ code }),
    pushed: (count) => pushed.inc(count),
    closed: (code) => closed.inc({ code }),
  };
}
