export { type MysqlConfig, readMysqlConfig } from './config.ts';
export { type MysqlEngines, type OpenMysqlOptions, openMysqlEngines } from './open-engines.ts';
export { type SetupMysqlOptions, setupMysql } from './setup.ts';
