import { createManualClock } from '@chasqui/contracts';
import { encodeMoveNote, type MoveNote } from '@chasqui/domain';
import { silentLogger } from '@chasqui/kit';
import { expect, test } from 'vitest';
import { ReadOnlyMode } from './read-only-mode.ts';

const noteOf = (side: MoveNote['side']) => encodeMoveNote({ id: '1', side, state: 'draining', other: 'there' });

/** A mode whose store answers as `answer` does. */
function modeOf(answer: () => Promise<string | null>) {
  const clock = createManualClock();
  const mode = new ReadOnlyMode({ movable: { note: answer }, clock, logger: silentLogger });
  const refuses = async () => {
    await mode.refresh();
    try {
      mode.refuseChange();
      return false;
    } catch (error) {
      expect(error).toMatchObject({ code: 'read_only', retry: 'backoff', details: { retryAfterMs: 30_000 } });
      return true;
    }
  };
  return { clock, refuses };
}

test('changes are refused within seconds after the note of a move is there, and taken after it is gone', async () => {
  let note: string | null = null;
  const { clock, refuses } = modeOf(async () => note);
  expect(await refuses()).toBe(false);
  note = noteOf('from');
  expect(await refuses()).toBe(false);
  await clock.advance(2_000);
  expect(await refuses()).toBe(true);
  note = null;
  await clock.advance(2_000);
  expect(await refuses()).toBe(false);
});

test('C11: a store that is away or does not answer delays a change by half a second, and the last known counts', async () => {
  let answer = async (): Promise<string | null> => noteOf('from');
  const { clock, refuses } = modeOf(() => answer());
  expect(await refuses()).toBe(true);
  answer = () => Promise.reject(new Error('away'));
  await clock.advance(2_000);
  expect(await refuses()).toBe(true);
  answer = () => new Promise(() => {});
  await clock.advance(2_000);
  let known: boolean | undefined;
  void refuses().then((refused) => {
    known = refused;
  });
  await clock.advance(499);
  expect(known).toBeUndefined();
  await clock.advance(1);
  expect(known).toBe(true);
  // The next one waits for nothing.
  expect(await refuses()).toBe(true);
});
