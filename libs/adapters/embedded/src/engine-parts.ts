import type { Clock, Random } from '@chasqui/domain';
import type { Logger } from '@chasqui/kit';
import type { CommitMarks } from './damage/commit-counter.ts';

/** The options that every engine is opened with. */
export interface EngineParts {
  /** The folder that holds the files; one process at a time owns it. */
  dataDir: string;
  clock: Clock;
  random: Random;
  logger: Logger;
  /**
   * Shared by the engines of a folder, so that each file witnesses the commits of the others. Default: none are shared.
   */
  marks?: CommitMarks;
  /** The operator accepts the files as they are, with any loss. Default false. */
  forget?: boolean;
}
