import type { Clock, Random } from '@chasqui/domain';
import type { Logger } from '@chasqui/kit';

/** What every engine is opened with. */
export interface EngineParts {
  /** The folder that holds the files; one process at a time owns it. */
  dataDir: string;
  clock: Clock;
  random: Random;
  logger: Logger;
}
