import { runEngineWorker } from '../channel/engine-worker.ts';
import { openStoreEngine } from './store-engine.ts';

runEngineWorker('store_unavailable', openStoreEngine);
