export { checkRabbitmq } from './check.ts';
export { openRabbitmqEngines } from './open.ts';
export { setupRabbitmq } from './setup.ts';
