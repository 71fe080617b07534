import { readApiConfig } from '@chasqui/app-api/config';
import { createLogger, type Environment } from '@chasqui/kit';
import type { OwnFiles } from '../app.ts';
import { commonConfig } from './target.ts';

/** The files of an installation's own, for commands that copy or replace them. */
export function ownFiles(env: Environment, data: string | undefined): OwnFiles {
  const common = commonConfig(env, data);
  const { blobs } = readApiConfig({ ...env, CHASQUI_DATA_DIR: common.dataDir });
  const picturesFolder = 'folder' in blobs ? { picturesFolder: blobs.folder } : {};
  return { common, ...picturesFolder, logger: createLogger({ name: 'chasqui', level: 'error' }) };
}
