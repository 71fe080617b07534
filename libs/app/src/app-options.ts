import type { Limits } from '@chasqui/domain';
import type { EnginesOf, Role } from '@chasqui/engines';
import type { Logger } from '@chasqui/kit';

/** What every app is started with, alone in its process or beside others. `R`: the roles whose engines it uses. */
export interface AppOptions<Config, R extends Role> {
  config: Config;
  /** The caller's: they outlive the app. */
  engines: EnginesOf<R>;
  logger: Logger;
  /** Default: `DEFAULT_LIMITS`. */
  limits?: Limits;
  /** True where this app is the whole process: its metrics have those of the process too. */
  processMetrics?: boolean;
}
