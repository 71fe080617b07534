import { runEngineWorker } from '../channel/engine-worker.ts';
import { openSearchEngine } from './search-engine.ts';

runEngineWorker('search_unavailable', openSearchEngine);
