import { chmodSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startProcess, stopProcess } from '../../deploy/engines/engine-process.ts';
import { groundOf } from '../../deploy/engines/folders.ts';
import { EngineLife } from '../../deploy/engines/life.ts';
import { epmdProcess, type RabbitmqPlace, rabbitmqAt, rabbitmqctl } from '../../deploy/engines/rabbitmq.ts';

const NODES = ['chasqui-1', 'chasqui-2', 'chasqui-3'] as const;
/** The six after it are those of the brokers: fixed, as the system gives away free ones while a broker is down. */
const EPMD_PORT = 15_680;
const PLACES: readonly RabbitmqPlace[] = NODES.map((node, n) => ({
  ...{ node, epmdPort: EPMD_PORT, cluster: NODES },
  ...{ port: EPMD_PORT + 1 + n, nodePort: EPMD_PORT + 1 + NODES.length + n },
}));
const say = () => {};

/** Three brokers of RabbitMQ that are one cluster, on this machine and in a folder that is removed with them. */
export class Brokers implements AsyncDisposable {
  /** Of all three, as `CHASQUI_RABBITMQ_URL` has it. */
  readonly url: string;
  readonly lives: readonly EngineLife[];
  readonly #folder: string;

  private constructor(folder: string, url: string, lives: readonly EngineLife[]) {
    this.#folder = folder;
    this.url = url;
    this.lives = lives;
  }

  /** Resolves when every broker knows the two others. */
  static async start(): Promise<Brokers> {
    const folder = await mkdtemp(join(tmpdir(), 'chasqui-brokers-'));
    const folderOf = (node: string) => join(folder, node);
    for (const node of NODES) shareCookie(groundOf('rabbitmq', folderOf(node), say).data);
    groundOf('rabbitmq', folder, say);
    const lives = PLACES.map((place) => new EngineLife(rabbitmqAt(place), folderOf(place.node), say));
    const url = `amqp://${PLACES.map(({ port }) => `127.0.0.1:${port}`).join(',')}`;
    await using stack = new AsyncDisposableStack();
    const brokers = stack.use(new Brokers(folder, url, lives));
    await startProcess(folder, epmdProcess({ epmdPort: EPMD_PORT }));
    // The first must be there for the others to join.
    for (const life of lives) await life.start();
    for (const place of PLACES) {
      await rabbitmqctl(['await_online_nodes', String(NODES.length)], place, folderOf(place.node));
    }
    stack.move();
    return brokers;
  }

  /** Runs Erlang in the first `count` brokers. */
  async eval(count: number, code: string): Promise<void> {
    for (const place of PLACES.slice(0, count)) {
      await rabbitmqctl(['eval', code], place, join(this.#folder, place.node));
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.lives.map((life) => life.kill()));
    await stopProcess(this.#folder, 'rabbitmq-epmd');
    await rm(this.#folder, { recursive: true, force: true });
  }
}

/** Nodes of a cluster trust each other by a common secret. */
function shareCookie(home: string): void {
  const path = join(home, '.erlang.cookie');
  writeFileSync(path, 'OFTESTSONLY');
  chmodSync(path, 0o400);
}
