import type { Clock, Random } from '@chasqui/domain';
import type { Logger } from '@chasqui/kit';
import type { CommitMarks } from './damage/commit-counter.ts';

/** What every engine is opened with. */
export interface EngineParts {
  /** The folder that holds the files; one process at a time owns it. */
  dataDir: string;
  clock: Clock;
  random: Random;
  logger: Logger;
  /** Shared by the engines of a folder, so that each file bears witness of the others. Default: each is alone. */
  marks?: CommitMarks;
  /** The operator goes on with the files as they are, whatever is lost. Default false. */
  forget?: boolean;
}
