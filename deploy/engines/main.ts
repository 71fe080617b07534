// npm run engines:up | engines:down | engines:status [-- name… | --set large | --set classic]: the engines of a
// deployment on this machine, each in a process that outlives the command. `down` without a name ends every engine. Exits 1 when an engine is not in the requested state.
import { provideCommands } from './debian-packages.ts';
import { ENGINES_FOLDER } from './folders.ts';
import { EngineLife } from './life.ts';
import { chosenEngines, enginesOf } from './local-engines.ts';
import { statusOf, statusTable } from './status.ts';

const say = (text: string) => console.log(text);

async function up(lives: readonly EngineLife[]): Promise<boolean> {
  await provideCommands(
    lives.map((life) => life.engine),
    say,
  );
  const outcomes = await Promise.allSettled(lives.map((life) => life.start()));
  for (const outcome of outcomes) if (outcome.status === 'rejected') tell(outcome.reason);
  const good = await status(lives);
  if (good) say(`\nNext: ${nextSteps(args)}, npm run engines:down.`);
  say(`Logs: ${ENGINES_FOLDER}/logs`);
  return good;
}

async function down(lives: readonly EngineLife[]): Promise<boolean> {
  for (const life of lives.toReversed()) await life.stop();
  return true;
}

async function status(lives: readonly EngineLife[]): Promise<boolean> {
  const rows = await Promise.all(lives.map(statusOf));
  say(statusTable(rows));
  return rows.every((row) => row.state === 'up');
}

/** What these engines are for: tests need those of the large set. */
function nextSteps([option, set]: readonly string[]): string {
  if (option === '--set' && set !== 'large') return `npm run cluster -- --set ${set} (apps on these engines)`;
  return 'npm run cluster (apps on these engines), npm run test:real (their tests)';
}

function tell(error: unknown): void {
  console.error(`engines: ${error instanceof Error ? error.message : String(error)}`);
}

const VERBS: Readonly<Record<string, (lives: readonly EngineLife[]) => Promise<boolean>>> = { up, down, status };
const [verb = '', ...args] = process.argv.slice(2);

try {
  const action = VERBS[verb];
  if (action === undefined)
    throw new Error(`usage: main.ts ${Object.keys(VERBS).join('|')} [name… | --set large|classic]`);
  const engines = verb === 'down' && args.length === 0 ? chosenEngines([]) : enginesOf(args);
  const lives = engines.map((engine) => new EngineLife(engine, ENGINES_FOLDER, say));
  if (!(await action(lives))) process.exitCode = 1;
} catch (error) {
  tell(error);
  process.exitCode = 1;
}
