import { hostname, userInfo } from 'node:os';
import { readApiConfig } from '@chasqui/app-api/config';
import { AuditTrail } from '@chasqui/core';
import type { AuditAction } from '@chasqui/domain';
import { createLogger, type Environment, systemClock, systemRandom } from '@chasqui/kit';
import type { Engines } from '@chasqui/ports';
import { type OwnFiles, useEngines } from '../app.ts';
import { goOnUnread } from './run.ts';
import { commonConfig } from './target.ts';

/** The engines for a command: those of the configuration, and the embedded ones of the given data folder. */
export function commandEngines(env: Environment, data: string | undefined): Promise<Engines & AsyncDisposable> {
  return useEngines(env, commonConfig(env, data), createLogger({ name: 'chasqui', level: 'error' }));
}

/** The files of an installation's own, for commands that copy or replace them. */
export function ownFiles(env: Environment, data: string | undefined): OwnFiles {
  const common = commonConfig(env, data);
  const { blobs } = readApiConfig({ ...env, CHASQUI_DATA_DIR: common.dataDir });
  const picturesFolder = 'folder' in blobs ? { picturesFolder: blobs.folder } : {};
  return { common, ...picturesFolder, logger: createLogger({ name: 'chasqui', level: 'error' }) };
}

/** Records a command's change in the audit log and runs it. Errors: `store_unavailable`, with nothing done. */
export function audited<T>({ auditLog }: Engines, action: AuditAction, work: () => Promise<T>): Promise<T> {
  goOnUnread();
  const parts = { clock: systemClock, random: systemRandom, logger: createLogger({ name: 'chasqui', level: 'error' }) };
  const trail = new AuditTrail({ auditLog, ...parts });
  const actor = `cli:${userName()}@${hostname()}`.slice(0, 128);
  return trail.record({ actor, action, target: '' }, work);
}

/** The number stands for a user without an entry in the passwd file, as in a container. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid-${process.getuid?.()}`;
  }
}
