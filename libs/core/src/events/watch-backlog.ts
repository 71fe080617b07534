import { type Runtime, withDeadline } from '@chasqui/kit';
import type { MessageBus } from '@chasqui/ports';

/** A consumer group of a topic. */
export interface WatchedGroup {
  topic: string;
  group: string;
}

/** Dead letters are counted up to this number. */
const MAX_COUNTED = 1_000;

const LABELS = ['topic', 'group'] as const;

export interface BacklogOptions {
  groups: readonly WatchedGroup[];
  /** Time for the bus to answer. Default: 1 s, much less than the 10 s that Prometheus waits. */
  deadlineMs?: number;
  /** Counts dead letters too, which reads them: one app of an installation is enough. */
  deadLetters?: boolean;
}

/**
 * Gauges of what waits for consumer groups, as the bus says on each scrape. While it does not answer in time, they have
 * no value.
 */
export function watchBacklog(
  { metrics, clock }: Pick<Runtime, 'metrics' | 'clock'>,
  bus: Pick<MessageBus, 'lag' | 'deadLetters'>,
  { groups, deadlineMs = 1_000, deadLetters = false }: BacklogOptions,
): void {
  const ofAll = <T>(read: (group: WatchedGroup) => Promise<T>) =>
    withDeadline(clock, deadlineMs, Promise.all(groups.map(async (of) => ({ labels: of, values: await read(of) }))));
  const helps = {
    bus_waiting: 'Bus messages that the group has not handled yet',
    bus_oldest_seconds: 'Age of the oldest bus message that the group has not handled yet',
  };
  metrics.gauges(helps, LABELS, () =>
    ofAll(async ({ topic, group }) => {
      const lags = await bus.lag(topic, group);
      return {
        bus_waiting: lags.reduce((sum, { waiting }) => sum + waiting, 0),
        bus_oldest_seconds: Math.max(0, ...lags.map(({ oldestMs }) => oldestMs)) / 1_000,
      };
    }),
  );
  if (!deadLetters) return;
  metrics.gauges({ bus_dead_letters: `Dead letters that are kept, at most ${MAX_COUNTED}` }, LABELS, () =>
    ofAll(async ({ topic, group }) => ({
      bus_dead_letters: (await bus.deadLetters(topic, group, MAX_COUNTED)).length,
    })),
  );
}
