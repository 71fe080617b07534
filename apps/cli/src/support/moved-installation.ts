import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { readApiConfig } from '@chasqui/app-api/config';
import { ImError } from '@chasqui/domain';
import { type CommonConfig, createLogger, type Environment } from '@chasqui/kit';
import type { Engines } from '@chasqui/ports';
import { enginesOfRunning, useEnginesOfMove } from '../app.ts';
import { withSettings } from './settings.ts';
import { commonConfig } from './target.ts';

/** Where its files and pictures are. */
export type BlobsConfig = ReturnType<typeof readApiConfig>['blobs'];

/** An installation as a command line names it: by its data folder or by a file of its settings. */
export interface NamedInstallation {
  name: string;
  env: Environment;
  common: CommonConfig;
  blobs: BlobsConfig;
}

/** Settings of the environment would hold for both installations of a move, so they do not count. */
export function namedInstallation(env: Environment, named: string): NamedInstallation {
  const name = resolve(named);
  const others = Object.fromEntries(Object.entries(env).filter(([key]) => !key.startsWith('CHASQUI_')));
  const isFile = statSync(name, { throwIfNoEntry: false })?.isFile() === true;
  const own = isFile ? withSettings(others, { config: name }) : { ...others, CHASQUI_DATA_DIR: name };
  const common = commonConfig(own, undefined);
  return { name, env: own, common, blobs: readApiConfig({ ...own, CHASQUI_DATA_DIR: common.dataDir }).blobs };
}

/** Errors: `config_invalid` for one folder under two names. */
export function requireTwo(from: NamedInstallation, to: NamedInstallation): void {
  if (from.common.dataDir !== to.common.dataDir) return;
  const hint = 'set CHASQUI_DATA_DIR in the settings of the new one';
  throw new ImError('config_invalid', `both installations have the data folder ${from.common.dataDir}: ${hint}`);
}

const logger = () => createLogger({ name: 'chasqui', level: 'error' });

export function openForMove({ env, common }: NamedInstallation, isNew: boolean): Promise<Engines & AsyncDisposable> {
  return useEnginesOfMove(env, common, { logger: logger(), isNew });
}

/** Null: no app of it runs. */
export function openWhileRunning({ env, common }: NamedInstallation): Promise<(Engines & AsyncDisposable) | null> {
  return enginesOfRunning(env, common, logger());
}
