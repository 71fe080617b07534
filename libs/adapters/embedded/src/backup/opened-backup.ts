import { ImError } from '@chasqui/domain';

/** A backup that is restored. */
export interface OpenedBackup extends AsyncDisposable {
  /** ISO 8601: everything that was acked before this time is in the backup. */
  at: string;
  /** The length of each file, by its path in the data folder. */
  files: ReadonlyMap<string, number>;
  /** Writes one of them, and syncs it. Errors: `config_invalid` when it is not as it was backed up. */
  write(path: string, to: string): Promise<void>;
}

/** `how`: what is wrong with it. */
export function isDamaged(backup: string, how: string, cause?: unknown): ImError {
  const message = `the backup ${backup} is damaged: ${how}. Nothing was changed; use another backup`;
  return new ImError('config_invalid', message, { field: 'backup' }, cause);
}
