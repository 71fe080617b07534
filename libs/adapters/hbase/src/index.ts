export { type HbaseConfig, readHbaseConfig } from './config.ts';
export { type HbaseOptions, openHbaseEngines } from './open-engines.ts';
export { setupHbase } from './setup.ts';
