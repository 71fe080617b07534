import type { Clock } from '@chasqui/domain';
import { sleep, withDeadline } from '@chasqui/kit';
import type { ChannelModel } from 'amqplib';
import { connectToAny, disconnect } from './broker/connect.ts';
import { onChannel } from './broker/on-channel.ts';
import type { RabbitmqConfig } from './config.ts';
import { Subscription } from './consumer/subscription.ts';

export interface HasLeaderOptions {
  config: RabbitmqConfig;
  clock: Clock;
}

/** A queue with a leader answers a new consumer within this time, ms; one without never does. */
const ANSWERS_MS = 5_000;
const AGAIN_MS = 200;

/**
 * Whether a quorum queue has a leader. Without one, nothing is published to it and nothing consumed. The broker does not
 * say so by AMQP: such a queue seems empty, and lets a consumer wait. Errors: those of the broker, if there is no queue.
 */
export async function hasLeader(model: ChannelModel, queue: string, options: HasLeaderOptions): Promise<boolean> {
  const { clock } = options;
  const doing = `looking for the leader of ${queue}`;
  const seen = await onChannel(model, doing, (channel) => channel.checkQueue(queue));
  // Known by the leader alone. Such a queue is left alone too: a consumer would take messages, if only for a moment.
  if (seen.messageCount > 0 || seen.consumerCount > 0) return true;
  for (const end = clock.monotonic() + ANSWERS_MS; ; ) {
    if (await answers(queue, options, end - clock.monotonic())) return true;
    if (clock.monotonic() + AGAIN_MS >= end) return false;
    await sleep(clock, AGAIN_MS);
  }
}

/** On a connection of its own: a consumer that has waited in vain costs its connection. Errors: when no broker answers. */
async function answers(queue: string, { config, clock }: HasLeaderOptions, withinMs: number): Promise<boolean> {
  const model = await connectToAny({ config, clock, name: 'chasqui leader' });
  try {
    const answered = Subscription.open(model, queue, clock, () => {}).then((subscription) => subscription.close());
    await withDeadline(clock, Math.max(withinMs, 0), answered);
    return true;
  } catch {
    return false;
  } finally {
    await disconnect(model, clock);
  }
}
