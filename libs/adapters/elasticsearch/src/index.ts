export { type ElasticsearchConfig, readElasticsearchConfig } from './config.ts';
export { openElasticsearchEngines } from './open-engines.ts';
export { setupElasticsearch } from './setup.ts';
