import type { EngineProcess, Ground, LocalEngine } from '../../deploy/engines/engine.ts';

/** Engines made of small Node programs, for tests of starting and stopping engines. */
export function fakeEngine(
  processes: (ground: Ground) => EngineProcess[],
  ready: (ground: Ground) => boolean | Promise<boolean>,
): LocalEngine {
  return {
    name: 'redis',
    title: 'Fake 1.0',
    debianPackages: ['fake-server'],
    commands: {},
    prepare: async () => {},
    processes,
    ready: async (ground) => ready(ground),
    settings: {},
  };
}

export function program(name: string, code: string): EngineProcess {
  return { name, command: process.execPath, args: ['-e', code] };
}
