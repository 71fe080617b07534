import { setTimeout as pause } from 'node:timers/promises';
import type { LoadCrowd, LoadPair } from './load-crowd.ts';
import { LoadRun, nowUs } from './load-run.ts';
import type { LoadUser } from './load-user.ts';
import type { LoadStage, MessageTally } from './message-tally.ts';
import { sampleTexts } from './texts.ts';

/** How messages are generated. */
export type LoadMode =
  /** Each pair keeps this many messages in flight. */
  | { kind: 'closed'; inFlight: number }
  /** This many messages a second in total, on a fixed schedule that does not wait for answers. */
  | { kind: 'open'; rate: number };

export interface LoadPlan {
  mode: LoadMode;
  /** How long messages are sent. */
  seconds: number;
  /** The stages that complete a message. */
  stages: readonly LoadStage[];
  /** Bytes of a message's text. Default 300. */
  bytes?: number;
  /**
   * The server runs on the same cores: the client sleeps until a message is due, a millisecond late, instead of
   * spinning.
   */
  sharesCores?: boolean;
}

export interface LoadResult {
  plan: LoadPlan;
  tally: MessageTally;
  /** Messages completed per second during the load. */
  throughput: number;
  /** Messages that were neither done nor refused when progress stopped. */
  unfinished: number;
  /** From the end of sending to the last completed message. */
  drainMs: number;
  /** Recognizes the run's messages. */
  run: LoadRun;
}

/** In a closed loop a refused message is replaced by the next one only after this. */
const REFUSAL_PAUSE_MS = 100;
/** For a shorter wait the schedule spins, because timers are a millisecond late. */
const SPIN_US = 1_500;

let runs = 0;

/** Puts a crowd under load, waits until all messages are settled, and returns the result. */
export async function runLoad(crowd: LoadCrowd, plan: LoadPlan): Promise<LoadResult> {
  const { mode, seconds, stages, bytes = 300, sharesCores = false } = plan;
  const contents = sampleTexts(bytes).map((text) => JSON.stringify({ text }));
  const { pairs } = crowd;
  const name = `${Date.now().toString(36)}-${(runs++).toString(36)}`;
  const pairOf: number[] = [];
  /** Senders whose new messages are sent when this turn ends. */
  const dirty = new Set<LoadUser>();
  const flush = () => {
    for (const sender of dirty) sender.flush();
    dirty.clear();
  };
  let sending = true;
  const run = new LoadRun(name, stages, (number, refused) => {
    if (mode.kind !== 'closed' || !sending) return;
    const pair = pairOf[number] ?? 0;
    if (refused) setTimeout(() => sending && send(pair, nowUs()), REFUSAL_PAUSE_MS);
    else send(pair, nowUs());
  });
  const send = (pair: number, dueAt: number) => {
    const { sender } = pairs[pair] as LoadPair;
    const number = run.tally.sent;
    if (mode.kind === 'closed') pairOf.push(pair);
    sender.send(run.next(dueAt), contents[number % contents.length] as string);
    if (dirty.add(sender).size === 1) setImmediate(flush);
  };
  crowd.join(run);
  const startedAt = nowUs();
  if (mode.kind === 'closed') {
    for (let i = 0; i < mode.inFlight; i++) for (const pair of pairs.keys()) send(pair, nowUs());
    await pause(seconds * 1_000);
  } else {
    const spinUs = sharesCores ? 0 : SPIN_US;
    await keepSchedule({ ...mode, seconds, spinUs }, (number, dueAt) => send(number % pairs.length, dueAt));
  }
  sending = false;
  const elapsedS = (nowUs() - startedAt) / 1e6;
  const throughput = run.tally.done / elapsedS;
  const drainMs = await run.settled();
  crowd.join(null);
  return { plan, tally: run.tally, throughput, unfinished: run.tally.open, drainMs, run };
}

/**
 * Calls `send` for each message when it is due. Late messages are sent in one batch, with their due times. The whole
 * schedule is one promise: a client that makes one a turn pauses for garbage collection, and counts the pauses as the
 * server's delay.
 */
function keepSchedule(
  { rate, seconds, spinUs }: { rate: number; seconds: number; spinUs: number },
  send: (number: number, dueAt: number) => void,
): Promise<void> {
  const startedAt = nowUs();
  const total = Math.round(rate * seconds);
  const dueAt = (number: number) => startedAt + (number * 1e6) / rate;
  let next = 0;
  return new Promise((resolve) => {
    const turn = () => {
      const now = nowUs();
      while (next < total && dueAt(next) <= now) send(next, dueAt(next++));
      if (next >= total) return resolve();
      const waitUs = dueAt(next) - nowUs();
      if (waitUs > spinUs) setTimeout(turn, Math.floor((waitUs - spinUs) / 1_000) + 1);
      else setImmediate(turn);
    };
    turn();
  });
}
