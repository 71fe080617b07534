import type { Server, StartServer } from './servers.ts';
import type { World } from './world.ts';

const DEFAULT_DOWN_MS = 2_000;

/** The place of one server: when its process dies, another one is started after a while. */
export class Place {
  readonly name: string;
  readonly #world: World;
  readonly #start: StartServer;
  #server: Server;
  #run = 1;
  #downMs = DEFAULT_DOWN_MS;
  #restarting = false;

  constructor(name: string, world: World, start: StartServer) {
    this.name = name;
    this.#world = world;
    this.#start = start;
    this.#server = this.#begin();
  }

  crash(downMs: number): void {
    this.#downMs = downMs;
    this.#server.process.kill();
  }

  doom(calls: number, when: 'before' | 'after', downMs: number): void {
    this.#downMs = downMs;
    this.#server.reach.doom = { calls, when };
  }

  /** As SIGTERM: the process ends after its drain. */
  drain(downMs: number): void {
    const { process, drain } = this.#server;
    if (!process.alive || process.frozen) return;
    this.#downMs = downMs;
    const started = this.#world.clock.monotonic();
    void drain().then(() => {
      if (this.#world.clock.monotonic() - started > 30_000) throw new Error(`${this.name} took too long to drain`);
      process.kill();
    });
  }

  freeze(forMs: number): void {
    const { process, bus } = this.#server;
    if (!process.alive || process.frozen) return;
    process.freeze();
    bus.frozen();
    this.#world.clock.after(forMs, () => this.#thaw());
  }

  slow(times: number): void {
    this.#server.reach.slowness = times;
  }

  setClock(skewMs: number): void {
    this.#world.skews.set(this.name, skewMs);
    this.#server.process.setClock(skewMs);
  }

  /** Ends all of its faults. */
  heal(): void {
    this.#downMs = DEFAULT_DOWN_MS;
    this.#thaw();
    this.#server.reach.doom = null;
    this.#server.reach.slowness = 1;
  }

  #thaw(): void {
    const { process, bus } = this.#server;
    if (!process.frozen) return;
    process.thaw();
    bus.thawed();
  }

  #begin(): Server {
    const server = this.#start(this.#world, this.name, this.#run++);
    server.process.atDeath(() => this.#restartLater());
    return server;
  }

  #restartLater(): void {
    if (this.#restarting) return;
    this.#restarting = true;
    this.#world.counts.add(`${this.name.split('-')[0]} deaths`);
    this.#world.clock.after(this.#downMs, () => {
      this.#restarting = false;
      this.#server = this.#begin();
    });
  }
}
