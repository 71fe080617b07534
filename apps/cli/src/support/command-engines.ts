import { createLogger, type Environment } from '@chasqui/kit';
import type { Engines } from '@chasqui/ports';
import { useEngines } from '../app.ts';
import { commonConfig } from './target.ts';

/** The engines for a command: those of the configuration, and the embedded ones of the given data folder. */
export function commandEngines(env: Environment, data: string | undefined): Promise<Engines & AsyncDisposable> {
  return useEngines(env, commonConfig(env, data), createLogger({ name: 'chasqui', level: 'error' }));
}
