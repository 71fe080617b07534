export { openRocketmqEngines } from './open.ts';
export { setupRocketmq } from './setup.ts';
