import { ImError } from '@chasqui/domain';
import type { AskedChange } from '../../../apps/api/src/groups/group-changes.ts';
import type { Stage } from '../stage.ts';
import { untilAnswered } from '../until-answered.ts';

/** A user asks for a change, and again with the same key until there is a final answer. */
export async function ask(stage: Stage, by: string, asked: AskedChange): Promise<void> {
  const { world } = stage;
  const { history, clock, counts } = world;
  const key = `change-${++stage.asked}`;
  const group = asked.conversationId;
  history.add({ type: 'asked', key, by, group, change: asked.change, details: asked.details });
  stage.waiting++;
  const answer = await untilAnswered(clock, () => {
    if (world.groupChanges === null) return null;
    const { process, changes } = world.groupChanges;
    return { process, call: () => changes.apply(asked, { by, key }) };
  });
  if (answer instanceof ImError) {
    history.add({ type: 'answered', key, refusal: answer.code, users: [], version: 0 });
    counts.add(`changes refused: ${answer.code}`);
  } else {
    const { users, group: row } = answer;
    history.add({ type: 'answered', key, refusal: null, users, version: row.version });
    counts.add(`changes ${asked.change}`);
  }
  stage.waiting--;
}
