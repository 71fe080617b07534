import { createHash } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { Ground, LocalEngine } from './engine.ts';
import { killProcess, livingProcess, logEnd, signalProcess, startProcess, stopProcess } from './engine-process.ts';
import { groundOf, logPath, type Say } from './folders.ts';
import { holdLock } from './lock.ts';
import { reported } from './progress.ts';

/** Start timeout of an engine, milliseconds. The slowest takes 30 s on an idle machine. */
const READY_WITHIN_MS = 300_000;
/** Timeout of one readiness check, milliseconds. */
const ASK_MS = 10_000;

/** The operations on one engine in one folder. Calls from several processes are serialised. */
export class EngineLife {
  readonly engine: LocalEngine;
  readonly #folder: string;
  readonly #ground: Ground;

  constructor(engine: LocalEngine, folder: string, say: Say) {
    this.engine = engine;
    this.#folder = folder;
    this.#ground = groundOf(engine.name, folder, (text) => say(`[${engine.name}] ${text}`));
  }

  /** Starts the processes that do not run and waits until the engine is ready. Returns at once if it is. */
  async start(): Promise<void> {
    await using _turn = await this.#turn();
    const { say } = this.#ground;
    if (await this.isUp()) return say('is up already');
    await this.engine.prepare(this.#ground);
    await reported(say, `starting ${this.engine.title}`, async () => {
      for (const one of this.#needed()) await startProcess(this.#folder, one);
      await this.#untilReady();
    });
  }

  /** Ends its processes in the reverse order of their start: SIGTERM, and SIGKILL after 30 s. */
  async stop(): Promise<void> {
    await using _turn = await this.#turn();
    for (const { name } of this.#processes().reverse()) {
      const outcome = await stopProcess(this.#folder, name);
      this.#ground.say(outcome === 'absent' ? `${name} does not run` : `${name} ${outcome}`);
    }
  }

  /** kill -9 of all its processes. */
  async kill(): Promise<void> {
    await using _turn = await this.#turn();
    await Promise.all(this.#processes().map(({ name }) => killProcess(this.#folder, name)));
  }

  /** Stops its processes (SIGSTOP), with their sockets open, until `thaw`. */
  freeze(): void {
    for (const { name } of this.#needed()) signalProcess(this.#folder, name, 'SIGSTOP');
  }

  thaw(): void {
    for (const { name } of this.#needed()) signalProcess(this.#folder, name, 'SIGCONT');
  }

  /** Whether all its processes run and a client can use it. */
  async isUp(): Promise<boolean> {
    return this.living().every((living) => living?.state === 'running') && (await this.#isReady());
  }

  /** Each process as its pid file names it, in start order; null for one that does not run. */
  living() {
    return this.#needed().map(({ name }) => livingProcess(this.#folder, name));
  }

  #processes() {
    return [...this.engine.processes(this.#ground)];
  }

  /** Without those whose work somebody else does. */
  #needed() {
    return this.#processes().filter(
      ({ name, isProvided }) => livingProcess(this.#folder, name) !== null || isProvided?.() !== true,
    );
  }

  #turn() {
    const place = createHash('sha256').update(this.#folder).digest('hex').slice(0, 12);
    return holdLock(`${this.engine.name}-${place}`, this.#ground.say);
  }

  async #isReady(): Promise<boolean> {
    const asked = new AbortController();
    const late = wait(ASK_MS, false, { signal: asked.signal }).catch(() => false);
    try {
      return await Promise.race([this.engine.ready(this.#ground), late]);
    } finally {
      asked.abort();
    }
  }

  async #untilReady(): Promise<void> {
    const deadline = performance.now() + READY_WITHIN_MS;
    while (!(await this.#isReady())) {
      this.#expectAllRun();
      if (performance.now() > deadline)
        throw new Error(`${this.engine.title} is not ready after ${READY_WITHIN_MS / 1000} s; ${this.#logs()}`);
      await wait(250);
    }
    // Ready, but not by our processes: another program uses its port.
    this.#expectAllRun();
  }

  #expectAllRun(): void {
    for (const { name } of this.#needed()) {
      if (livingProcess(this.#folder, name) !== null) continue;
      const path = logPath(this.#folder, name);
      throw new Error(
        `${this.engine.title}: ${name} exited at its start; the end of ${path}:\n${logEnd(this.#folder, name)}`,
      );
    }
  }

  #logs() {
    return `see ${this.#processes()
      .map(({ name }) => logPath(this.#folder, name))
      .join(', ')}`;
  }
}
