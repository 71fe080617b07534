import { collectAfterStart, inBackground } from '@chasqui/kit/base';
import { runEngineWorker } from '../worker-link/engine-worker.ts';
import { openSearchEngine } from './search-engine.ts';

// Nobody waits for the index: it yields to message traffic.
inBackground(10);
runEngineWorker('search_unavailable', openSearchEngine);
collectAfterStart();
