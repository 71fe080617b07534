import { type Environment, reportUnknownSettings, VERSION } from '@chasqui/kit';
import { Command, Option } from 'commander';
import { SETTINGS_OF_SETS, type SettingsOptions, withSettings } from './support/settings.ts';

/** Each command by its name, loaded when it is called: a command does not wait for the code of all others. */
const COMMANDS: { [name: string]: () => Promise<(program: Command, env: Environment) => void> } = {
  up: async () => (await import('./commands/up.ts')).addUp,
  cluster: async () => (await import('./commands/cluster.ts')).addCluster,
  setup: async () => (await import('./commands/setup.ts')).addSetup,
  token: async () => (await import('./commands/token.ts')).addToken,
  send: async () => (await import('./commands/send.ts')).addSend,
  tail: async () => (await import('./commands/tail.ts')).addTail,
  chat: async () => (await import('./commands/chat.ts')).addChat,
  group: async () => (await import('./commands/group.ts')).addGroup,
  trace: async () => (await import('./commands/trace.ts')).addTrace,
  unread: async () => (await import('./commands/unread.ts')).addUnread,
  keys: async () => (await import('./commands/keys.ts')).addKeys,
  attachments: async () => (await import('./commands/attachments.ts')).addAttachments,
  erasures: async () => (await import('./commands/erasures.ts')).addErasures,
  export: async () => (await import('./commands/export.ts')).addExport,
  holds: async () => (await import('./commands/holds.ts')).addHolds,
  import: async () => (await import('./commands/import.ts')).addImport,
  reindex: async () => (await import('./commands/reindex.ts')).addReindex,
  hooks: async () => (await import('./commands/hooks.ts')).addHooks,
  backup: async () => (await import('./commands/backup.ts')).addBackup,
  restore: async () => (await import('./commands/restore.ts')).addRestore,
  move: async () => (await import('./commands/move.ts')).addMove,
  doctor: async () => (await import('./commands/doctor.ts')).addDoctor,
  'dead-letters': async () => (await import('./commands/dead-letters.ts')).addDeadLetters,
  bench: async () => (await import('./commands/bench.ts')).addBench,
};

const EXAMPLES = `
Examples:
  npx chasqui up                                   start a server here
  npx chasqui tail --as bob                        wait for bob's messages (another terminal)
  npx chasqui send --as alice --to bob Hello       send one, see it queued and stored
  npx chasqui group create Team --as alice --members bob --id team
  npx chasqui chat --as bob --group team           chat in it
  npx chasqui trace 019aab01c2d30000a1b2c3d4       every step of a message
  npx chasqui unread --check                       recompute every unread count and count of mentions
  npx chasqui keys create shop --scopes messages:send   a key of the server API
  npx chasqui backup /backups/today                copy everything, while the server runs
  npx chasqui move --from ./.data --to new.env     to other engines, with all data
  npx chasqui hooks create https://example.org/hook   tell it of every message
  npx chasqui bench --rate 500                     how fast is it here?
  npx chasqui --set classic doctor                 of npm run cluster -- --set classic
`;

/**
 * The command line, with the commands that the arguments name, or with all if they name none (`--help`, a misspelt one).
 */
export async function createProgram(given: Environment, args: readonly string[] = []): Promise<Command> {
  const env = { ...given };
  const program = new Command('chasqui')
    .description('Chasqui, an instant-messaging server.')
    .version(VERSION, '--version', 'print the version')
    .showHelpAfterError('(chasqui --help shows every command)')
    .option('--config <file>', 'a file of NAME=value lines; environment variables take precedence')
    .addOption(
      new Option('--set <name>', 'the engines of npm run engines:up -- --set <name>, with their settings').choices(
        Object.keys(SETTINGS_OF_SETS),
      ),
    )
    .hook('preAction', () => {
      Object.assign(env, withSettings(given, program.opts<SettingsOptions>()));
      reportUnknownSettings(env);
    })
    .addHelpText('after', EXAMPLES);
  const all = Object.keys(COMMANDS);
  const named = all.filter((name) => args.includes(name));
  for (const name of named.length > 0 ? named : all) (await COMMANDS[name]?.())?.(program, env);
  for (const command of program.commands) nameHelp(command, program.name());
  return program;
}

/** After an error of its arguments, a command says how it is called. */
function nameHelp(command: Command, above: string): void {
  const name = `${above} ${command.name()}`;
  command.showHelpAfterError(`(${name} ${command.usage()}; ${name} --help shows more)`);
  for (const one of command.commands) nameHelp(one, name);
}
