export type { BusOptions } from './bus/open-bus.ts';
export { type EmbeddedEngines, type EmbeddedEnginesOptions, openEmbeddedEngines } from './open-engines.ts';
