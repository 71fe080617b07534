import { createLogger, type Environment } from '@chasqui/kit';
import type { Engines } from '@chasqui/ports';
import { useEngines } from '../app.ts';
import { commonConfig } from './target.ts';

/** The engines that a command works on: those of the data folder it is given. */
export function commandEngines(env: Environment, data: string | undefined): Promise<Engines & AsyncDisposable> {
  return useEngines(commonConfig(env, data), createLogger({ name: 'chasqui', level: 'error' }));
}
