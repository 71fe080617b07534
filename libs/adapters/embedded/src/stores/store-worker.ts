import { collectAfterStart } from '@chasqui/kit/base';
import { runEngineWorker } from '../worker-link/engine-worker.ts';
import { openStoreEngine } from './store-engine.ts';

runEngineWorker('store_unavailable', openStoreEngine);
collectAfterStart();
