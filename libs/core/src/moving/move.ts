import { type Clock, encodeMoveNote, ImError, type MoveNote, type Random } from '@chasqui/domain';
import { sleep } from '@chasqui/kit';
import { type MoveNames, noteOfSource, requireOwn, requireQuiet, waitingIn } from './move-checks.ts';
import { copyPage, digestOf, MOVED_PARTS, type MovedPart, type MovingEngines } from './moved-parts.ts';

export interface MoveOptions {
  from: MovingEngines;
  to: MovingEngines;
  names: MoveNames;
  clock: Clock;
  random: Random;
  /** How far it is: rows of a part that were copied or compared. */
  tell(phase: 'copied' | 'compared', part: MovedPart, rows: number): void;
}

export interface DrainOptions extends Pick<MoveOptions, 'from' | 'names' | 'clock' | 'random'> {
  /** How many bus messages wait. */
  tell(waiting: number): void;
}

/** What was copied of a part, as both installations have it. */
export interface MovedTotal {
  part: MovedPart;
  rows: number;
  isEqual: boolean;
}

/** Nothing may wait for longer than nodes take to read the note. */
const ROUND_MS = 1_000;
const QUIET_ROUNDS = 5;

/** Where in the destination it is noted how far the move is. */
const LEDGER = 'move';

interface Progress {
  /** The part that is being copied, by its place; all before it are. */
  place: number;
  cursor: string | null;
  rows: number;
}

const FIRST: Progress = { place: 0, cursor: null, rows: 0 };

/**
 * Copies everything from one installation to an empty one and compares what both have by counts and digests, read from
 * both. Nothing may run on either. It may be ended at any moment and repeated: it goes on where it was. Errors:
 * `config_invalid` with what is to be done first; those of the stores.
 */
export async function moveInstallation(options: MoveOptions): Promise<MovedTotal[]> {
  const { from, to, names } = options;
  const before = await noteOfSource(from, names);
  if (before?.state === 'done' && (await to.movable.note()) === null)
    throw new ImError('config_invalid', `${names.from} was moved already, to ${before.other}`);
  const id = before?.id ?? newId(options.random);
  const note = async (side: MoveNote['side'], state: MoveNote['state']) => {
    const [store, other] = side === 'from' ? [from, names.to] : [to, names.from];
    await store.movable.setNote(encodeMoveNote({ id, side, state, other }));
  };
  const requireFinished = async () => {
    // What came since the first run needs the apps: they may start again, and all is copied anew.
    const isBegun = (await from.movable.note()) !== null;
    if (isBegun && (await waitingIn(from)).length > 0) await note('from', 'draining');
    await requireQuiet(from, names.from);
  };
  await requireQuiet(to, names.to);
  await requireOwn(to, names, before?.id);
  await requireFinished();
  if (before?.state !== 'done') await note('from', 'copying');
  await note('to', 'copying');
  await copyAll(options, id, before?.state === 'draining');
  await to.movable.finish();
  const totals = await compareAll(options);
  await requireFinished();
  if (totals.every(({ isEqual }) => isEqual)) await note('from', 'done');
  else await saveProgress(to, id, FIRST);
  return totals;
}

/**
 * Before the apps of an installation stop: they take no more changes, and finish what waits. Resolves when nothing does.
 * Errors: `config_invalid` if it cannot be moved; those of its engines.
 */
export async function drainInstallation({ from, names, clock, random, tell }: DrainOptions): Promise<void> {
  const before = await noteOfSource(from, names);
  const id = before?.id ?? newId(random);
  if (before === null)
    await from.movable.setNote(encodeMoveNote({ id, side: 'from', state: 'draining', other: names.to }));
  // A node that reads the note late still takes a message.
  for (let quiet = 0; quiet < QUIET_ROUNDS; quiet++) {
    await sleep(clock, ROUND_MS);
    const waiting = (await waitingIn(from)).reduce((sum, shard) => sum + shard.waiting, 0);
    tell(waiting);
    if (waiting > 0) quiet = -1;
  }
}

function newId(random: Random): string {
  return Math.floor(random() * 2 ** 48).toString(36);
}

/** The destination may be used from now on. To be called when all else is done. */
export async function endMove({ movable }: MovingEngines): Promise<void> {
  await movable.setNote(null);
}

/** `isAnew`: apps have run since something was copied. */
async function copyAll({ from, to, clock, tell }: MoveOptions, id: string, isAnew: boolean): Promise<void> {
  const now = clock.now();
  const kept = (await to.sweeps.lead(LEDGER, id, now, now))?.cursor ?? null;
  let { place, cursor, rows } = isAnew || kept === null ? FIRST : (JSON.parse(kept) as Progress);
  for (let part = MOVED_PARTS[place]; part !== undefined; part = MOVED_PARTS[place]) {
    const page = await copyPage({ from, to }, part, cursor);
    tell('copied', part, rows + page.rows);
    const isLast = page.cursor === null;
    ({ place, cursor, rows } = {
      place: isLast ? place + 1 : place,
      cursor: page.cursor,
      rows: isLast ? 0 : rows + page.rows,
    });
    await saveProgress(to, id, { place, cursor, rows });
  }
}

async function saveProgress({ sweeps }: MovingEngines, id: string, progress: Progress): Promise<void> {
  await sweeps.save(LEDGER, id, { cursor: JSON.stringify(progress), nextAt: 0 });
}

async function compareAll({ from, to, clock, tell }: MoveOptions): Promise<MovedTotal[]> {
  const totals: MovedTotal[] = [];
  const now = clock.now();
  for (const part of MOVED_PARTS) {
    const source = await digestOf(from, part, now, () => {});
    const copy = await digestOf(to, part, now, (rows) => tell('compared', part, rows));
    totals.push({ part, rows: copy.rows, isEqual: copy.rows === source.rows && copy.digest === source.digest });
  }
  return totals;
}
