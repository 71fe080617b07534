import { collectAfterStart } from '@chasqui/kit/base';
import { runEngineWorker } from '../worker-link/engine-worker.ts';
import { openLogEngine } from './log-engine.ts';

runEngineWorker('bus_unavailable', openLogEngine);
collectAfterStart();
