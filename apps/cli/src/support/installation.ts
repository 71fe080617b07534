import { hostname, userInfo } from 'node:os';
import { readApiConfig } from '@chasqui/app-api/config';
import { AuditTrail } from '@chasqui/core';
import type { AuditAction, UserId } from '@chasqui/domain';
import { createLogger, type Environment, systemClock, systemRandom } from '@chasqui/kit';
import type { BlobStore, Engines } from '@chasqui/ports';
import { chosenEngines, type OwnFiles, useBlobs, useEngines } from '../app.ts';
import { goOnUnread } from './run.ts';
import { commonConfig } from './target.ts';

/** The engines for a command: those of the configuration, and the embedded ones of the given data folder. */
export function commandEngines(env: Environment, data: string | undefined): Promise<Engines & AsyncDisposable> {
  return useEngines(env, commonConfig(env, data), createLogger({ name: 'chasqui', level: 'error' }));
}

/** Where a command looks for what a role has: the engine, and for the embedded one its folder. */
export function askedFor(role: string, env: Environment, data: string | undefined): string {
  const { roles } = chosenEngines(env, createLogger({ name: 'chasqui', level: 'error' }));
  const { engine = 'embedded' } = roles.find((one) => one.role === role) ?? {};
  return engine === 'embedded' ? `the embedded engine of ${commonConfig(env, data).dataDir}` : engine;
}

/** The blob store of the configuration. */
export function commandBlobs(env: Environment, data: string | undefined): Promise<BlobStore> {
  const { dataDir } = commonConfig(env, data);
  return useBlobs(readApiConfig({ ...env, CHASQUI_DATA_DIR: dataDir }).blobs);
}

/** The files of an installation's own, for commands that copy or replace them. */
export function ownFiles(env: Environment, data: string | undefined): OwnFiles {
  const common = commonConfig(env, data);
  const { blobs } = readApiConfig({ ...env, CHASQUI_DATA_DIR: common.dataDir });
  const picturesFolder = 'folder' in blobs ? { picturesFolder: blobs.folder } : {};
  return { common, ...picturesFolder, logger: createLogger({ name: 'chasqui', level: 'error' }) };
}

/** Records a command's change in the audit log and runs it. Errors: `store_unavailable`, with nothing done. */
export function audited<T>(
  { auditLog }: Engines,
  action: AuditAction,
  work: () => Promise<T>,
  target: UserId = '',
): Promise<T> {
  goOnUnread();
  const parts = { clock: systemClock, random: systemRandom, logger: createLogger({ name: 'chasqui', level: 'error' }) };
  const trail = new AuditTrail({ auditLog, ...parts });
  return trail.record({ actor: cliActor(), action, target }, work);
}

/** Who runs the command, as the audit log names them. */
export function cliActor(): string {
  return `cli:${userName()}@${hostname()}`.slice(0, 128);
}

/** The number stands for a user without an entry in the passwd file, as in a container. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid-${process.getuid?.()}`;
  }
}
