import { CONSUMER_GROUPS, decodeMoveNote, ImError, type MoveNote, nameInNote } from '@chasqui/domain';
import { firstFilled, type MovingEngines } from './moved-parts.ts';

/** What a move calls the two installations. */
export interface MoveNames {
  from: string;
  to: string;
}

function refuse(message: string): never {
  throw new ImError('config_invalid', message);
}

/** How many bus messages wait, by topic and group; empty: none. */
export async function waitingIn({ bus }: Pick<MovingEngines, 'bus'>): Promise<{ topic: string; waiting: number }[]> {
  const lags = await Promise.all(
    CONSUMER_GROUPS.map(async ({ topic, group }) => {
      const shards = await bus.lag(topic, group);
      return { topic, waiting: shards.reduce((sum, { waiting }) => sum + waiting, 0) };
    }),
  );
  return lags.filter(({ waiting }) => waiting > 0);
}

/** Errors: `config_invalid` unless nobody works on the installation, and nothing waits to be worked on. */
export async function requireQuiet({ nodes, bus, messages }: MovingEngines, name: string): Promise<void> {
  const [live] = await nodes.live();
  if (live !== undefined) refuse(`node ${live.nodeId} runs on ${name}: stop all apps, then repeat the command`);
  for (const { topic, waiting } of await waitingIn({ bus })) {
    const hint = 'start its apps and repeat the command while they run';
    refuse(`${waiting} bus messages of ${topic} wait on ${name}: ${hint}`);
  }
  const removed = await messages.droppedBelow?.();
  if (removed) refuse(`${name} has removed whole months of recalled messages, which other stores cannot know`);
}

/** The note of the source; null: it has none. Errors: `config_invalid` if it cannot be moved to there. */
export async function noteOfSource({ movable }: MovingEngines, names: MoveNames): Promise<MoveNote | null> {
  const text = await movable.note();
  if (text === null) return null;
  const note = decodeMoveNote(text);
  const { side, state, other } = note;
  if (side === 'to') refuse(`${names.from} is itself not wholly copied from ${other}`);
  if (state !== 'draining' && other !== nameInNote(names.to)) {
    const what = state === 'done' ? 'was moved already' : 'is being moved';
    refuse(`${names.from} ${what}, to ${other}: name that one as the destination, or use --abort first`);
  }
  return note;
}

/** Errors: `config_invalid` unless it is empty, or has this move's note. */
export async function requireOwn(to: MovingEngines, names: MoveNames, id: string | undefined): Promise<void> {
  const text = await to.movable.note();
  if (text !== null) {
    const note = decodeMoveNote(text);
    if (note.side === 'to' && note.id === id) return;
    refuse(`${names.to} belongs to another move, with ${note.other}`);
  }
  const filled = await firstFilled(to);
  if (filled !== undefined) refuse(`${names.to} is not empty: it has ${filled}; a move needs a new installation`);
}
