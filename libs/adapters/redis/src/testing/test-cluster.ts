import { execFile } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { TestServer } from './test-server.ts';

/** Three masters on this machine that share the slots, without replicas. */
export class TestCluster implements AsyncDisposable {
  readonly masters: readonly TestServer[];

  private constructor(masters: readonly TestServer[]) {
    this.masters = masters;
  }

  static async create(): Promise<TestCluster> {
    const own = ['--cluster-enabled', 'yes', '--cluster-node-timeout', '2000'];
    const masters = await Promise.all(Array.from({ length: 3 }, () => TestServer.create(...own)));
    const places = masters.map(({ port }) => `127.0.0.1:${port}`);
    await promisify(execFile)('redis-cli', ['--cluster', 'create', ...places, '--cluster-yes']);
    const cluster = new TestCluster(masters);
    await cluster.whole();
    return cluster;
  }

  get settings() {
    const places = this.masters.map(({ port }) => `127.0.0.1:${port}`);
    return { CHASQUI_REDIS_MODE: 'cluster', CHASQUI_REDIS_URL: `redis://${places.join(',')}` };
  }

  /** Resolves when every master knows that all slots are served. */
  async whole(): Promise<void> {
    for (const deadline = Date.now() + 30_000; ; await sleep(100)) {
      const infos = await Promise.all(this.masters.map((master) => master.command('CLUSTER', 'INFO')));
      if (infos.every((info) => String(info).includes('cluster_state:ok'))) return;
      if (Date.now() > deadline) throw new Error('the cluster does not become whole');
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const master of this.masters) await master[Symbol.asyncDispose]();
  }
}
