import { type ClientOf, createClient } from '@chasqui/client';
import { groups } from '@chasqui/client/groups';
import { defined, ImError, isUserId } from '@chasqui/domain';
import { ConfigReader, type Environment, findJwtSecret, readCommonConfig } from '@chasqui/kit';
import { CLOSE_CODES } from '@chasqui/protocol';
import type { Command } from 'commander';
import { tokenIssuer } from '../app.ts';

/** The lifetime of tokens that commands make for themselves. */
const TOKEN_TTL_S = 24 * 3600;

/** Where a command finds the server and, on the server's own machine, its secret. */
export interface TargetOptions {
  server: string;
  data?: string;
  token?: string;
}

export function addTargetOptions(command: Command): Command {
  return command
    .option('--server <url>', 'the API of a running server', 'http://127.0.0.1:4400')
    .option('--data <dir>', "the server's data folder, to make a token with its secret (default: ./.data)")
    .option('--token <jwt>', 'a token to use instead of making one');
}

export function commonConfig(env: Environment, data: string | undefined) {
  const reader = new ConfigReader({ ...env, ...defined({ CHASQUI_DATA_DIR: data }) });
  return reader.finish(readCommonConfig(reader));
}

/** What to ask where a server does not trust a token that was made here. */
export const WRONG_SECRET =
  'Does --data name the data folder of that server? If it was started with settings (CHASQUI_JWT_…, or --config), this command needs the same';

/** A user's access token, signed with the installation's own secret. Errors: `config_invalid` without a secret. */
export async function makeToken(
  env: Environment,
  { data, userId, ttlS = TOKEN_TTL_S }: { data: string | undefined; userId: string; ttlS?: number },
): Promise<string> {
  if (!isUserId(userId)) {
    throw new ImError('invalid_request', `"${userId}" is not a user id (1–64 of A–Z a–z 0–9 . _ @ + : | -)`);
  }
  const config = commonConfig(env, data);
  const jwtSecret = await findJwtSecret(config);
  if (jwtSecret === null) {
    const hint = 'name the data folder of the server with --data <dir>';
    throw new ImError('config_invalid', `${config.dataDir} has no secrets for signing a token: ${hint}`, {
      field: 'dataDir',
    });
  }
  const issuer = tokenIssuer(config, jwtSecret, ttlS);
  return (await issuer.issue(userId)).accessToken;
}

/** A logged-in client of the command line. Errors: the server's refusal, or `connection_closed` after 10 s without a server. */
export async function connectAs(
  env: Environment,
  { server, data, token, as, device }: TargetOptions & { as: string; device: string },
): Promise<ClientOf<'groups'>> {
  const client = createClient({
    groups: groups(),
    nodesUrl: `${server}/api/nodes`,
    token: token ?? (await makeToken(env, { data, userId: as })),
    deviceId: device,
    platform: 'cli',
  });
  client.on('kicked', ({ reason }) => process.stderr.write(`The server ended this session: ${reason}.\n`));
  // The last reason why no node was reached: it tells more than a timeout.
  let trouble: string | undefined;
  const forget = client.on('state', ({ state, reason }) => {
    if (state === 'offline') trouble = reason?.message;
  });
  const timer = setTimeout(() => client.close(), 10_000);
  try {
    await client.connect();
    return client;
  } catch (error) {
    const { code, message } = ImError.from(error);
    const refused = Object.hasOwn(CLOSE_CODES, code);
    const isForeign = code === 'token_invalid' && token === undefined;
    const whereTo = `. Is a server running at ${server}? Start one with: npm start`;
    const hint = refused ? (isForeign ? `. ${WRONG_SECRET}` : '') : whereTo;
    throw new ImError(
      refused ? code : 'connection_closed',
      `not logged in: ${refused ? message : (trouble ?? message)}${hint}`,
      {},
      error,
    );
  } finally {
    forget();
    clearTimeout(timer);
  }
}
