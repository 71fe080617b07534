import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { ImError } from '@chasqui/domain';
import { type Environment, reportUnknownSettings, VERSION } from '@chasqui/kit';
import { Command } from 'commander';
import { addBackup } from './commands/backup.ts';
import { addBench } from './commands/bench.ts';
import { addChat } from './commands/chat.ts';
import { addCluster } from './commands/cluster.ts';
import { addDeadLetters } from './commands/dead-letters.ts';
import { addDoctor } from './commands/doctor.ts';
import { addGroup } from './commands/group.ts';
import { addHooks } from './commands/hooks.ts';
import { addKeys } from './commands/keys.ts';
import { addReindex } from './commands/reindex.ts';
import { addRestore } from './commands/restore.ts';
import { addSend } from './commands/send.ts';
import { addSetup } from './commands/setup.ts';
import { addTail } from './commands/tail.ts';
import { addToken } from './commands/token.ts';
import { addTrace } from './commands/trace.ts';
import { addUnread } from './commands/unread.ts';
import { addUp } from './commands/up.ts';

const EXAMPLES = `
Examples:
  npx chasqui up                                   start a server here
  npx chasqui tail --as bob                        wait for bob's messages (another terminal)
  npx chasqui send --as alice --to bob Hello       send one, see it queued and stored
  npx chasqui group create Team --as alice --members bob --id team
  npx chasqui chat --as bob --group team           chat in it
  npx chasqui trace 019aab01c2d30000a1b2c3d4       every step of a message
  npx chasqui unread --check                       recompute every unread count
  npx chasqui keys create shop --scopes messages:send   a key of the server API
  npx chasqui backup /backups/today                copy everything, while the server runs
  npx chasqui hooks create https://example.org/hook   tell it of every message
  npx chasqui bench --rate 500                     how fast is it here?
`;

export function createProgram(given: Environment): Command {
  const env = { ...given };
  const program = new Command('chasqui')
    .description('Chasqui, an instant-messaging server.')
    .version(VERSION, '--version', 'print the version')
    .showHelpAfterError('(chasqui --help shows every command)')
    .option('--config <file>', 'a file of NAME=value lines; environment variables take precedence')
    .hook('preAction', () => {
      const { config } = program.opts<{ config?: string }>();
      if (config !== undefined) Object.assign(env, withConfigFile(given, config));
      reportUnknownSettings(env);
    })
    .addHelpText('after', EXAMPLES);
  for (const add of [
    addUp,
    addCluster,
    addSetup,
    addToken,
    addSend,
    addTail,
    addChat,
    addGroup,
    addTrace,
    addUnread,
    addKeys,
    addReindex,
    addHooks,
    addBackup,
    addRestore,
    addDoctor,
    addDeadLetters,
    addBench,
  ]) {
    add(program, env);
  }
  return program;
}

/**
 * Adds the `NAME=value` lines of a file to an environment. The environment takes precedence, so that one key can be
 * tried without editing the file. Errors: `config_invalid` when the file cannot be read.
 */
function withConfigFile(env: Environment, path: string): Environment {
  try {
    // A byte order mark, as some editors write it, would become part of the first name.
    return { ...parseEnv(readFileSync(path, 'utf8').replace(/^\uFEFF/, '')), ...env };
  } catch (error) {
    throw new ImError('config_invalid', `the configuration file ${path} cannot be read`, {}, error);
  }
}
