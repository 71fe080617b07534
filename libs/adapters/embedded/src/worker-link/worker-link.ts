import type { EventEmitter } from 'node:events';
import { basename } from 'node:path';
import { Worker } from 'node:worker_threads';
import { type Clock, type ErrorCode, engineError, ImError, type Random, type Timer } from '@chasqui/domain';
import type { Logger } from '@chasqui/kit';
import { backoffMs } from '@chasqui/kit/base';
import type { CommitMarks, Witness } from '../damage/commit-counter.ts';
import { DamagedRows } from '../sqlite/damaged-rows.ts';
import type { Caller, Operations } from './caller.ts';
import { PendingCalls } from './pending-calls.ts';
import { TurnQueue } from './turn-queue.ts';
import { UpgradeReport } from './upgrade-report.ts';
import { fromWireError, type WireError } from './wire-error.ts';
import type { CallParcel, WorkerReport } from './worker-protocol.ts';

/** The thread of a worker: its events are `message`, `error` and, once it has ended, `exit`. */
export interface WorkerThread extends Pick<EventEmitter, 'on' | 'once'> {
  postMessage(parcel: CallParcel): void;
  /** Ends it abruptly. */
  terminate(): Promise<unknown>;
}

export interface WorkerChannelOptions<State> {
  /** For logs. */
  name: string;
  /** The worker's module, or what starts its thread. */
  entry: URL | ((data: { path: string }) => WorkerThread);
  /** The worker's start data; `path` is its file. */
  data: { path: string };
  /** Commits of all files known to be on disk: updated for this file, and sent to the worker. */
  marks?: CommitMarks;
  /** The error code of calls while the worker is down. */
  unavailable: ErrorCode;
  clock: Clock;
  random: Random;
  logger: Logger;
  /** The timeout of a call, in ms. Default 30 000: a disk that hangs for longer counts as lost. */
  deadlineMs?: number;
  /** The maximum of calls in flight (C16). Default 20 000. */
  maxCalls?: number;
  /** Called each time the worker is open, also after a crash and restart. */
  opened?(state: State): void;
  /** Called when the worker died. */
  lost?(): void;
}

/** A call in the queue: its number, operation and argument. */
const CALL_WIDTH = 3;
/**
 * Of a worker: three times 16 MB, as V8 counts it. By the memory of the machine it would be up to 192 MB, for no less CPU
 * (ADR 0050).
 */
const YOUNG_MB = 48;
const RESTART_BACKOFF = { initialMs: 100, maxMs: 5_000 };

/** Calls an engine in a worker thread, and restarts the worker when it dies. */
export class WorkerLink<Ops extends Operations, State = unknown> implements Caller<Ops>, AsyncDisposable {
  readonly #options: WorkerChannelOptions<State>;
  readonly #pending: PendingCalls;
  readonly #queue: TurnQueue<unknown>;
  readonly #marks: CommitMarks;
  readonly #file: string;
  readonly #damagedRows = new DamagedRows();
  #witness: Witness = { commits: 0, seen: {} };
  #worker: WorkerThread | undefined;
  #restart: Timer | undefined;
  #failures = 0;
  #closed = false;

  private constructor(options: WorkerChannelOptions<State>) {
    const { clock, unavailable, deadlineMs = 30_000, maxCalls = 20_000, marks = {}, data } = options;
    this.#options = options;
    this.#marks = marks;
    this.#file = basename(data.path);
    this.#pending = new PendingCalls({ clock, unavailable, deadlineMs, maxCalls });
    this.#queue = new TurnQueue(
      (calls) => this.#post(calls),
      () => this.#pending.size > 1,
    );
  }

  /** Errors: the worker's, when it could not start. */
  static async open<Ops extends Operations, State = unknown>(
    options: WorkerChannelOptions<State>,
  ): Promise<WorkerLink<Ops, State>> {
    const link = new WorkerLink<Ops, State>(options);
    await link.#start();
    return link;
  }

  /** The file's witness at its last opening. */
  get witness(): Witness {
    return this.#witness;
  }

  get path(): string {
    return this.#options.data.path;
  }

  /** The number of rows of the file that were found damaged. */
  get damagedRows(): number {
    return this.#damagedRows.size;
  }

  /** The number of calls in flight. */
  get waiting(): number {
    return this.#pending.size;
  }

  call<K extends keyof Ops & string>(op: K, args: Parameters<Ops[K]>[0]): Promise<ReturnType<Ops[K]>> {
    return this.#send(op, args) as Promise<ReturnType<Ops[K]>>;
  }

  /** Ends the thread abruptly, as a crash would; unless the link is closed, the worker is then restarted. */
  async kill(): Promise<void> {
    await this.#worker?.terminate();
  }

  /** As if the process had crashed: nothing is finished, nothing restarts. */
  async abandon(): Promise<void> {
    this.#closed = true;
    this.#restart?.cancel();
    await this.kill();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#restart?.cancel();
    const worker = this.#worker;
    if (worker === undefined) return;
    const exited = new Promise((resolve) => worker.once('exit', resolve));
    // After the earlier calls, which are posted when this turn ends.
    await new Promise((resolve) => setImmediate(resolve));
    const { clock } = this.#options;
    const closed = this.#pending.add((id) =>
      worker.postMessage({ now: clock.now(), calls: [], marks: this.#marks, close: id } satisfies CallParcel),
    );
    await closed.catch(() => worker.terminate());
    await exited;
  }

  #send(op: string, args: unknown): Promise<unknown> {
    const { unavailable, name } = this.#options;
    if (this.#closed) return Promise.reject(new ImError(unavailable, `${name} is closed`));
    if (this.#worker === undefined) return Promise.reject(new ImError(unavailable, `${name} is being restarted`));
    return this.#enqueue(op, args);
  }

  #enqueue(op: string, args: unknown): Promise<unknown> {
    return this.#pending.add((id) => {
      this.#queue.push(id);
      this.#queue.push(op);
      this.#queue.push(args);
    });
  }

  /** A call that cannot be cloned fails alone. */
  #post(calls: unknown[]): void {
    try {
      this.#worker?.postMessage({ now: this.#options.clock.now(), calls, marks: this.#marks } satisfies CallParcel);
    } catch (error) {
      if (calls.length === CALL_WIDTH) {
        this.#pending.reject(calls[0] as number, engineError(error, this.#options.unavailable));
        return;
      }
      for (let i = 0; i < calls.length; i += CALL_WIDTH) this.#post(calls.slice(i, i + CALL_WIDTH));
    }
  }

  #start(): Promise<void> {
    const { entry, data, name, opened } = this.#options;
    const worker =
      typeof entry === 'function'
        ? entry(data)
        : new Worker(entry, { workerData: data, name, resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB } });
    const upgrade = new UpgradeReport({ ...this.#options, file: data.path });
    return new Promise((resolve, reject) => {
      worker.on('message', (report: WorkerReport) => {
        if (report.type === 'ready') {
          upgrade.finished();
          // Closed during a restart: the new worker has nothing to finish.
          if (this.#closed) return void worker.terminate();
          this.#worker = worker;
          this.#failures = 0;
          this.#witness = report.witness;
          this.#mark(report.witness.commits);
          opened?.(report.state as State);
          resolve();
        } else if (report.type === 'refused') reject(fromWireError(report.error));
        else if (report.type === 'upgrading') upgrade.progress(report.done);
        else if (report.type === 'damaged') {
          this.#options.logger.error({ err: fromWireError(report.error), worker: name }, 'a file is damaged');
        } else if (report.type === 'damagedRows') this.#noteRows(report.rows);
        else this.#settle(report);
      });
      worker.on('error', (error) => reject(ImError.from(error, this.#options.unavailable)));
      worker.on('error', (error) => this.#options.logger.error({ err: error, worker: name }, 'a worker thread failed'));
      worker.on('exit', () => {
        upgrade.stop();
        reject(new ImError(this.#options.unavailable, `${name} ended`));
        this.#exited(worker);
      });
    });
  }

  #settle(report: Extract<WorkerReport, { type: 'results' | 'errors' }>): void {
    if (report.type === 'results') {
      const { results, commits } = report;
      this.#mark(commits);
      for (let i = 0; i < results.length; i += 2) this.#pending.resolve(results[i] as number, results[i + 1]);
    } else {
      const { errors } = report;
      for (let i = 0; i < errors.length; i += 2) {
        const error = fromWireError(errors[i + 1] as WireError);
        if (error.code === 'internal')
          this.#options.logger.error({ err: error }, 'a call of the engine is wrong: this is a bug');
        this.#pending.reject(errors[i] as number, error);
      }
    }
  }

  /** A restarted worker finds the same rows again. */
  #noteRows(rows: readonly string[]): void {
    const { data, logger } = this.#options;
    for (const row of rows) this.#damagedRows.note(row);
    for (const row of this.#damagedRows.take()) {
      logger.error({ file: data.path, row }, 'a row is damaged: it is served without its content');
    }
  }

  #mark(commits: number): void {
    this.#marks[this.#file] = Math.max(this.#marks[this.#file] ?? 0, commits);
  }

  #exited(worker: WorkerThread): void {
    if (this.#worker !== worker) return;
    const { name, lost, logger } = this.#options;
    this.#worker = undefined;
    this.#queue.clear();
    this.#pending.rejectAll(`${name} ended`);
    if (this.#closed) return;
    logger.warn({ worker: name }, 'a worker thread ended: restarting it');
    lost?.();
    this.#scheduleRestart();
  }

  #scheduleRestart(): void {
    const { clock, random, logger, name } = this.#options;
    this.#restart = clock.after(backoffMs(this.#failures++, RESTART_BACKOFF, random), () => {
      this.#start().catch((error: unknown) => {
        logger.error({ err: error, worker: name }, 'a worker thread could not be restarted');
        if (!this.#closed) this.#scheduleRestart();
      });
    });
  }
}
