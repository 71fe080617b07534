import { provideCommands } from './debian-packages.ts';
import type { EngineName } from './engine.ts';
import { ENGINES_FOLDER } from './folders.ts';
import { EngineLife } from './life.ts';
import { localEngine } from './local-engines.ts';

/** Controls one engine on this machine, for tests and fault runs. The caller needs no details of the engine. */
const life = (name: EngineName) => new EngineLife(localEngine(name), ENGINES_FOLDER, () => {});

/** Downloads what is missing, starts the engine and waits until it is ready. Does nothing if it is running. */
export async function startEngine(name: EngineName): Promise<void> {
  await provideCommands([localEngine(name)], () => {});
  await life(name).start();
}

/** A graceful stop: SIGTERM, and SIGKILL after 30 s. Resolves when its processes are gone. */
export const stopEngine = (name: EngineName): Promise<void> => life(name).stop();

export async function restartEngine(name: EngineName): Promise<void> {
  await life(name).stop();
  await life(name).start();
}

/** kill -9 of all the engine's processes. */
export const killEngine = (name: EngineName): Promise<void> => life(name).kill();

/** SIGSTOP: the engine neither answers nor closes a socket until `thawEngine`. */
export const freezeEngine = (name: EngineName): void => life(name).freeze();

export const thawEngine = (name: EngineName): void => life(name).thaw();

/** Whether the engine runs and answers a first call. */
export const isUp = (name: EngineName): Promise<boolean> => life(name).isUp();

/** The engine's processes that run now. */
export const livingProcesses = (name: EngineName) =>
  life(name)
    .living()
    .filter((one) => one !== null);
