import { runEngineWorker } from '../worker-link/engine-worker.ts';
import { openSearchEngine } from './search-engine.ts';

runEngineWorker('search_unavailable', openSearchEngine);
