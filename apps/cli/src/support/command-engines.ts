import { createLogger, type Environment } from '@chasqui/kit';
import type { Engines } from '@chasqui/ports';
import { useEngines } from '../app.ts';
import { commonConfig } from './target.ts';

/** The engines that a command works on: those that the configuration names, the embedded ones of the data folder given. */
export function commandEngines(env: Environment, data: string | undefined): Promise<Engines & AsyncDisposable> {
  return useEngines(env, commonConfig(env, data), createLogger({ name: 'chasqui', level: 'error' }));
}
