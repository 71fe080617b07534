export { checkEngines } from './check-engines.ts';
export { type EnginesConfig, readEnginesConfig } from './config.ts';
export { type OpenEnginesOptions, openEngines } from './open-engines.ts';
export { ALL_ROLES, type EnginesOf, engineOf, needsEmbedded, type Role } from './roles.ts';
export { setupEngines } from './setup-engines.ts';
