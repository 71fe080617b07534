export { checkMysql } from './check.ts';
export { type MysqlConfig, readMysqlConfig, readMysqlMessagesConfig } from './config.ts';
export { type MysqlEngines, type OpenMysqlOptions, openMysqlEngines } from './open-engines.ts';
export { type MysqlMessages, openMysqlMessages } from './open-messages.ts';
export { type SetupMysqlOptions, setupMysql } from './setup.ts';
