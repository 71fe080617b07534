import type { Environment } from '@chasqui/kit';
import type { Command } from 'commander';
import { print, run } from '../support/run.ts';
import { makeToken } from '../support/target.ts';
import { addJson, wholeNumber } from './options.ts';

export function addToken(program: Command, env: Environment): void {
  const command = program
    .command('token <userId>')
    .description("print an access token for a user, signed with the installation's secret")
    .option('--ttl <seconds>', 'lifetime of the token', wholeNumber(1, 10 * 365 * 24 * 3600), 24 * 3600)
    .option('--data <dir>', "the server's data folder (default: ./.data)");
  addJson(command).action(
    run(async (userId: string, { ttl, data, json }: { ttl: number; data?: string; json: boolean }) => {
      const accessToken = await makeToken(env, { data, userId, ttlS: ttl });
      print(json ? JSON.stringify({ userId, accessToken, expiresInS: ttl }) : accessToken);
    }),
  );
}
