import type { Clock, Limits, Random } from '@chasqui/domain';
import type { Logger } from './logger.ts';
import type { Metrics } from './metrics.ts';
import type { Tracing } from './tracing.ts';

/** What all parts of one app share, whatever they do. `M`: the metrics that they count in. */
export interface Runtime<M = Metrics> {
  /** Names this process in presence, in traces and in the steps of messages. */
  readonly nodeId: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly limits: Limits;
  readonly logger: Logger;
  readonly metrics: M;
  /** Undefined: no traces are made. */
  readonly tracing?: Tracing | undefined;
}
