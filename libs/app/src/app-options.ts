import type { Limits } from '@chasqui/domain';
import type { EnginesOf, Role } from '@chasqui/engines';
import type { Logger } from '@chasqui/kit';

/** The options of every app, alone in its process or together with others. `R`: the roles whose engines it uses. */
export interface AppOptions<Config, R extends Role> {
  config: Config;
  /** Owned by the caller: they outlive the app. */
  engines: EnginesOf<R>;
  logger: Logger;
  /** Default: `DEFAULT_LIMITS`. */
  limits?: Limits;
  /** True if the process runs only this app: its metrics then include those of the process. */
  processMetrics?: boolean;
}
