export { makeBackup } from './backup/backup-folder.ts';
export type { BackupSource } from './backup/copy-engines.ts';
export { restoreBackup } from './backup/restore-backup.ts';
export type { BusOptions } from './bus/open-bus.ts';
export { FILE_VERSIONS } from './older-files.ts';
export { type EmbeddedEngines, type EmbeddedEnginesOptions, openEmbeddedEngines } from './open-engines.ts';
export { type ConnectOptions, connectEmbeddedEngines, type RemoteEngines } from './remote/connect-engines.ts';
export { type ServeOptions, serveEmbeddedEngines } from './remote/serve-engines.ts';
