import { type MessagePort, parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { type ErrorCode, ImError } from '@chasqui/domain';
import { CommitCounter, type CommitMarks } from '../damage/commit-counter.ts';
import type { Database, Told } from '../sqlite/database.ts';
import { asDamage, isDiskFault, openingFault } from '../sqlite/file-faults.ts';
import { FileSnapshot, isSnapshotCall } from '../sqlite/file-snapshot.ts';
import { toWireError, type WireError } from './wire-error.ts';
import type { CallParcel, WorkerReport } from './worker-protocol.ts';

/** One engine inside a worker thread. All calls that arrive while a commit runs share the next one. */
export interface WorkerEngine {
  db: Database;
  /** Sent to the caller's side when the engine is open. */
  state: unknown;
  /**
   * The minimum interval between transactions, in ms. Calls that arrive meanwhile share the next one: each commit costs
   * a disk sync and half a millisecond of CPU, however small it is. A call after a pause does not wait.
   */
  paceMs: number;
  /** If present, only these operations wait for their turn; all others run at once. Default: all wait. */
  paced?: ReadonlySet<string>;
  /** This many paced calls make a large enough transaction: it then runs without waiting. */
  pacedAtMost?: number;
  handlers: { [op: string]: (args: never, now: number) => unknown };
  /** Writes the changes that the calls of this transaction left in memory. */
  beforeCommit?(now: number): void;
  /** The transaction was rolled back: its changes in memory must be discarded. */
  afterRollback?(): void;
  /** If present, it discards a damaged file, and the worker restarts. */
  giveUpDamaged?(): void;
}

/** The start data of every worker, besides its engine's own. */
export interface WorkerData {
  /** The engine's file. */
  path: string;
  /** The operator accepts the files as they are. */
  forget?: boolean;
}

interface Call {
  id: number;
  op: string;
  args: never;
  now: number;
}

/** The minimum interval of progress reports during an upgrade, in ms; the first is sent at once. */
const TOLD_MS = 500;

/** The maximum of calls in a transaction; more would make the first wait too long. */
const MAX_CALLS_PER_COMMIT = 2_000;

/** Where an engine is served, and its start data. */
export interface WorkerPort {
  port: MessagePort;
  data: unknown;
}

function thisThread(): WorkerPort {
  if (parentPort === null) throw new Error('this module runs in a worker thread');
  return { port: parentPort, data: workerData };
}

/** Serves an engine over the worker's port. `open` gets the worker's data; if it throws, the start fails. */
export function runEngineWorker<Data>(
  unavailable: ErrorCode,
  open: (data: Data, told: Told) => WorkerEngine,
  { port, data }: WorkerPort = thisThread(),
): void {
  const report = (message: WorkerReport) => port.postMessage(message);
  let toldAt = Number.NEGATIVE_INFINITY;
  const told: Told = (done) => {
    if (performance.now() < toldAt + TOLD_MS) return;
    toldAt = performance.now();
    report({ type: 'upgrading', done });
  };
  let engine: WorkerEngine;
  let counter: CommitCounter;
  try {
    engine = open(data as Data, told);
    counter = new CommitCounter(engine.db, (data as WorkerData).forget === true);
  } catch (error) {
    const fault = 'errcode' in (error as object) ? openingFault((data as WorkerData).path, error) : error;
    const { code, message, details } = ImError.from(fault, unavailable);
    report({ type: 'refused', error: [code, message, details] });
    return;
  }
  const errors: (number | WireError)[] = [];
  const never = new Int32Array(new SharedArrayBuffer(4));
  let ranAt = Number.NEGATIVE_INFINITY;

  let marks: CommitMarks = {};
  let damage: ImError | undefined;
  /**
   * The last write failed because of the disk. Until one succeeds, each ping tries to write, so that readiness notices
   * a recovery.
   */
  let isUnwritable = false;
  /** Reports damage once; from then on pings fail. */
  const noteDamage = (found: ImError): void => {
    if (damage !== undefined) return;
    damage = new ImError(unavailable, found.message, found.details);
    report({ type: 'damaged', error: toWireError(found, unavailable) });
    if (engine.giveUpDamaged === undefined) return;
    engine.db.close();
    engine.giveUpDamaged();
    process.exit(1);
  };

  /** Runs calls in one transaction. False: it was rolled back, and nothing was answered. */
  const commit = (calls: readonly Call[]): boolean => {
    const results: unknown[] = [];
    const refused: (number | WireError)[] = [];
    const { db } = engine;
    try {
      db.begin();
      for (const { id, op, args, now } of calls) {
        const handler = engine.handlers[op];
        try {
          if (damage !== undefined && op === 'ping') throw damage;
          if (isUnwritable && op === 'ping') counter.probe();
          if (handler === undefined) throw new ImError('internal', `no such operation: ${op}`);
          results.push(id, handler(args, now));
        } catch (error) {
          // A handler throws an ImError only before it has written anything; any other error rolls the transaction
          // back.
          if (!(error instanceof ImError)) throw error;
          refused.push(id, toWireError(error, unavailable));
        }
      }
      engine.beforeCommit?.(calls[0]?.now ?? 0);
      const hasWritten = counter.count(marks);
      db.commit();
      counter.committed();
      if (hasWritten) isUnwritable = false;
    } catch (error) {
      const found = asDamage(db.path, error);
      if (found !== undefined) noteDamage(found);
      if (isDiskFault(error)) isUnwritable = true;
      db.rollback();
      counter.rolledBack();
      engine.afterRollback?.();
      const [only] = calls;
      if (calls.length === 1 && only !== undefined) {
        errors.push(
          only.id,
          toWireError(found === undefined ? error : new ImError(unavailable, found.message), unavailable),
        );
      }
      return false;
    }
    errors.push(...refused);
    if (results.length > 0) report({ type: 'results', results, commits: counter.witness.commits });
    return true;
  };

  const run = (calls: readonly Call[]): void => {
    // One call's failure must not affect others: run alone, only the faulty one fails.
    if (!commit(calls) && calls.length > 1) for (const call of calls) commit([call]);
    if (errors.length > 0) report({ type: 'errors', errors: errors.splice(0) });
    const rows = engine.db.damagedRows.take();
    if (rows.length > 0) report({ type: 'damagedRows', rows });
  };
  const snapshot = new FileSnapshot(engine.db);
  const answerOutside = ({ id, op, args }: Call): void => {
    if (!isSnapshotCall(op)) return;
    try {
      report({ type: 'results', results: [id, snapshot.answer(op, args)], commits: counter.witness.commits });
    } catch (error) {
      report({ type: 'errors', errors: [id, toWireError(error, unavailable)] });
    }
  };
  const runAll = (calls: readonly Call[]): void => {
    const others = calls.filter(({ op }) => !isSnapshotCall(op));
    for (let start = 0; start < others.length; start += MAX_CALLS_PER_COMMIT) {
      run(others.slice(start, start + MAX_CALLS_PER_COMMIT));
    }
    snapshot.check();
    for (const call of calls) answerOutside(call);
  };

  const close = (id: number): void => {
    engine.db.close();
    report({ type: 'results', results: [id, null], commits: counter.witness.commits });
    port.close();
  };

  /** Waits for the next turn, then takes all calls that have arrived. */
  const serveInTurn = (first: CallParcel): void => {
    const early = ranAt + engine.paceMs - performance.now();
    // This thread has no other work: calls queue up at its port.
    if (early > 0) Atomics.wait(never, 0, 0, early);
    ranAt = performance.now();
    const { calls, closeId } = take(port, first);
    runAll(calls);
    if (closeId !== undefined) close(closeId);
  };

  let held: Call[] = [];
  let turn: NodeJS.Timeout | undefined;
  const runHeld = (): void => {
    clearTimeout(turn);
    turn = undefined;
    ranAt = performance.now();
    const calls = held;
    held = [];
    runAll(calls);
  };
  /** Runs calls that are not paced, and keeps the others for their turn. */
  const serveAtOnce = (first: CallParcel, paced: ReadonlySet<string>): void => {
    const { calls, closeId } = take(port, first);
    const urgent: Call[] = [];
    for (const call of calls) (paced.has(call.op) ? held : urgent).push(call);
    runAll(urgent);
    if (held.length >= (engine.pacedAtMost ?? Number.POSITIVE_INFINITY)) runHeld();
    else if (held.length > 0) turn ??= setTimeout(runHeld, Math.max(0, ranAt + engine.paceMs - performance.now()));
    if (closeId === undefined) return;
    runHeld();
    close(closeId);
  };

  port.on('message', (first: CallParcel) => {
    marks = first.marks;
    if (engine.paced === undefined) serveInTurn(first);
    else serveAtOnce(first, engine.paced);
  });
  report({ type: 'ready', state: engine.state, witness: counter.witness });
}

/** The calls of a parcel and of those queued behind it, in order. Bound: the link's calls in flight. */
function take(port: MessagePort, first: CallParcel): { calls: readonly Call[]; closeId: number | undefined } {
  const calls: Call[] = [];
  for (let parcel: CallParcel | undefined = first; parcel !== undefined; ) {
    unpack(parcel, calls);
    if (parcel.close !== undefined) return { calls, closeId: parcel.close };
    parcel = receiveMessageOnPort(port)?.message as CallParcel | undefined;
  }
  return { calls, closeId: undefined };
}

function unpack({ now, calls }: CallParcel, into: Call[]): void {
  for (let i = 0; i < calls.length; i += 3) {
    into.push({ id: calls[i] as number, op: calls[i + 1] as string, args: calls[i + 2] as never, now });
  }
}
