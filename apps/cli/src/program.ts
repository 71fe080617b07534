import type { Environment } from '@chasqui/kit';
import { Command } from 'commander';
import { addUp } from './commands/up.ts';

export function createProgram(env: Environment): Command {
  const program = new Command('chasqui')
    .description('Chasqui, an instant-messaging server that loses nothing.')
    .showHelpAfterError('(chasqui --help shows every command)');
  addUp(program, env);
  return program;
}
