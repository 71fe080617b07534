import { runEngineWorker } from '../channel/engine-worker.ts';
import { openLogEngine } from './log-engine.ts';

runEngineWorker('bus_unavailable', openLogEngine);
