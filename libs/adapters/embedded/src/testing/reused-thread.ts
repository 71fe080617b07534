import { EventEmitter } from 'node:events';
import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';
import type { WorkerThread } from '../worker-link/worker-link.ts';
import type { CallParcel } from '../worker-link/worker-protocol.ts';
import type { ReusedStart } from './reused-worker.ts';

/** Threads whose engine was closed. Bound: those that were open at once. */
const idle: Worker[] = [];

/** A thread that serves another engine once its last one is closed. Terminated, it ends as any other. */
export class ReusedThread extends EventEmitter implements WorkerThread {
  readonly #worker: Worker;
  readonly #port: MessagePort;
  #hasEnded = false;

  private constructor(worker: Worker, port: MessagePort) {
    super();
    this.#worker = worker;
    this.#port = port;
    const failed = (error: Error) => this.emit('error', error);
    const exited = () => this.#end();
    worker.once('error', failed).once('exit', exited);
    port.on('message', (report) => this.emit('message', report));
    port.once('close', () => {
      if (this.#hasEnded) return;
      worker.off('error', failed).off('exit', exited);
      idle.push(worker);
      this.#end();
    });
  }

  static start(engine: ReusedStart['engine'], data: unknown): ReusedThread {
    const worker = idle.pop() ?? new Worker(new URL('./reused-worker.ts', import.meta.url));
    worker.unref();
    const { port1, port2 } = new MessageChannel();
    const thread = new ReusedThread(worker, port1);
    worker.postMessage({ engine, port: port2, data } satisfies ReusedStart, [port2]);
    return thread;
  }

  postMessage(parcel: CallParcel): void {
    this.#port.postMessage(parcel);
  }

  async terminate(): Promise<void> {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    await this.#worker.terminate();
    this.emit('exit');
  }

  #end(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.emit('exit');
  }
}
