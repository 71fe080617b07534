import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { EngineName, Ground } from './engine.ts';

/** Everything of the engines on this machine: programs, data, logs, pid files. Ignored by Git. */
export const ENGINES_FOLDER = join(import.meta.dirname, '../../.engines');

export type Say = (text: string) => void;

/** Makes an engine's folders. */
export function groundOf(name: EngineName, folder: string, say: Say): Ground {
  const ground = {
    programs: join(folder, 'programs', name),
    config: join(folder, 'config', name),
    data: join(folder, 'data', name),
    logs: join(folder, 'logs'),
  };
  for (const path of Object.values(ground)) mkdirSync(path, { recursive: true });
  mkdirSync(join(folder, 'run'), { recursive: true });
  return { ...ground, say };
}

export const pidPath = (folder: string, processName: string) => join(folder, 'run', `${processName}.json`);
export const logPath = (folder: string, processName: string) => join(folder, 'logs', `${processName}.log`);
