import { type Clock, ImError } from '@chasqui/domain';
import type { AppliedOutcome, AskedChange } from '../../../apps/api/src/groups/group-changes.ts';
import type { Stage } from '../stage.ts';
import type { World } from '../world.ts';

/** A user gives up waiting for an answer after this long, and asks again. Longer than the API's own deadline. */
const PATIENCE_MS = 20_000;
const PAUSE_MS = 700;

/** A user asks for a change, and again with the same key until there is a final answer. */
export async function ask(stage: Stage, by: string, asked: AskedChange): Promise<void> {
  const { world } = stage;
  const { history, clock, counts } = world;
  const key = `change-${++stage.asked}`;
  const group = asked.conversationId;
  history.add({ type: 'asked', key, by, group, change: asked.change, details: asked.details });
  stage.waiting++;
  for (;;) {
    try {
      const { users, group: row } = await inTime(clock, call(world, by, key, asked));
      history.add({ type: 'answered', key, refusal: null, users, version: row.version });
      counts.add(`changes ${asked.change}`);
      break;
    } catch (error) {
      if (!(error instanceof ImError)) throw error;
      if (error.retry === 'never') {
        history.add({ type: 'answered', key, refusal: error.code, users: [], version: 0 });
        counts.add(`changes refused: ${error.code}`);
        break;
      }
    }
    await new Promise<void>((resolve) => clock.after(PAUSE_MS, resolve));
  }
  stage.waiting--;
}

function call({ groupChanges, clock }: World, by: string, key: string, asked: AskedChange) {
  const { promise, resolve, reject } = Promise.withResolvers<AppliedOutcome>();
  if (groupChanges === null) return promise;
  const { process, changes } = groupChanges;
  clock.after(1, () => process.enter(() => changes.apply(asked, { by, key }).then(resolve, reject)));
  return promise;
}

function inTime<T>(clock: Clock, answer: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = clock.after(PATIENCE_MS, () => reject(new ImError('deadline_exceeded', 'the API does not answer')));
    answer.then(resolve, reject).finally(() => timer.cancel());
  });
}
