import type { Clock, Limits, Random } from '@chasqui/domain';
import type { Logger } from './logger.ts';
import type { Metrics } from './metrics.ts';
import type { Tracing } from './tracing.ts';

/** What all parts of one app share. `M`: the app's metrics. */
export interface Runtime<M = Metrics> {
  /** Names this process in presence, traces and message steps. */
  readonly nodeId: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly limits: Limits;
  readonly logger: Logger;
  readonly metrics: M;
  /** Undefined: tracing is off. */
  readonly tracing?: Tracing | undefined;
}
