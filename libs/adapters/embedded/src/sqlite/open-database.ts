import { defined } from '@chasqui/domain';
import { Database, type DatabaseOptions } from './database.ts';
import { openingFault } from './file-faults.ts';
import { versionOf } from './file-version.ts';
import { type DraftOptions, removeDraft, upgradeDraft } from './upgrade-draft.ts';
import type { LongStep } from './upgrade-work.ts';

/** The step to the next version of a schema: SQL that takes a moment, or work that may last for minutes. */
export type Step = string | LongStep;

export interface OpenOptions
  extends Omit<DatabaseOptions, 'steps' | 'version'>,
    Pick<DraftOptions, 'version' | 'sliceRows' | 'beforeSwap'> {
  /** For each older version, from 1 on, the step to the next one. */
  steps: readonly Step[];
}

/**
 * Opens a file and upgrades one of an older version: within one transaction if that takes a moment, otherwise in a copy
 * (see `upgradeDraft`). Errors: those of `Database`.
 */
export function openDatabase({ steps, sliceRows, beforeSwap, ...options }: OpenOptions): Database {
  const { path, version, told = () => {} } = options;
  const found = versionOf(path);
  const isLong = found > 0 && steps.slice(found - 1).some((step) => typeof step === 'function');
  if (isLong && found < version) {
    try {
      upgradeDraft({ ...options, told, found, steps, ...defined({ sliceRows, beforeSwap }) });
    } catch (error) {
      throw openingFault(path, error);
    }
  } else if (found >= version) removeDraft(path);
  return new Database({ ...options, steps: steps.map((step) => (typeof step === 'string' ? step : '')) });
}
