import type { Environment } from '@chasqui/kit';
import type { Command } from 'commander';
import { print, run } from '../support/run.ts';
import { makeToken } from '../support/target.ts';
import { wholeNumber } from './options.ts';

export function addToken(program: Command, env: Environment): void {
  program
    .command('token <userId>')
    .description("print an access token for a user, signed with the installation's secret")
    .option('--ttl <seconds>', 'lifetime of the token', wholeNumber(1, 10 * 365 * 24 * 3600), 24 * 3600)
    .option('--data <dir>', "the server's data folder (default: ./.data)")
    .action(
      run(async (userId: string, { ttl, data }: { ttl: number; data?: string }) => {
        print(await makeToken(env, { data, userId, ttlS: ttl }));
      }),
    );
}
