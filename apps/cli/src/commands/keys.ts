import { API_KEY_LIMITS, API_SCOPES, type ApiKey, type ApiScope, type AuditAction, ImError } from '@chasqui/domain';
import { apiKeyText, type Environment, newApiKeyId, newApiKeySecret, systemClock } from '@chasqui/kit';
import type { Engines } from '@chasqui/ports';
import { type Command, Option } from 'commander';
import { audited, commandEngines } from '../support/installation.ts';
import { note, print, run } from '../support/run.ts';
import { addJson, wholeNumber } from './options.ts';

const DAY_MS = 24 * 3600 * 1000;
const HOUR_MS = 3600 * 1000;

interface DataOption {
  data?: string;
}

interface CreateOptions extends DataOption {
  scopes: ApiScope[];
  days?: number;
  rate: number;
}

/** Keys of the server API, in the stores of an installation: no server need run. */
export function addKeys(program: Command, env: Environment): void {
  const keys = program.command('keys').description('make, list, rotate and revoke keys of the server API');
  const verb = (usage: string, description: string) =>
    keys.command(usage).description(description).option('--data <dir>', "the server's data folder (default: ./.data)");
  const change = async (data: string | undefined, action: AuditAction, work: (engines: Engines) => Promise<string>) => {
    await using engines = await commandEngines(env, data);
    await audited(engines, action, () => work(engines));
  };

  const scopes = new Option('--scopes <scopes...>', 'what the key may do').choices(Object.keys(API_SCOPES));
  verb('create <name>', 'make a key and print it, once')
    .usage('<name> --scopes <scopes...> [options]')
    .addOption(scopes.makeOptionMandatory())
    .option('--days <days>', 'until the key expires (default: never)', wholeNumber(1, 3650))
    .option('--rate <perSecond>', 'requests a second', wholeNumber(1, 100_000), 100)
    .action(
      run(async (name: string, { scopes: asked, days, rate, data }: CreateOptions) => {
        if (name === '' || [...name].length > API_KEY_LIMITS.maxNameLength) {
          throw new ImError('invalid_request', `the name must have 1–${API_KEY_LIMITS.maxNameLength} characters`);
        }
        const keyId = newApiKeyId();
        const { secret, secretHash } = newApiKeySecret();
        const now = systemClock.now();
        const key: ApiKey = {
          ...{ keyId, name, scopes: [...new Set(asked)].sort(), secretHash, perSecond: rate, createdAt: now },
          expiresAt: days === undefined ? 0 : now + days * DAY_MS,
          ...{ formerHash: '', formerUntil: 0, lastUsedAt: 0, revokedAt: 0 },
        };
        await change(data, 'create_key', async ({ apiKeys }) => {
          if (await apiKeys.create(key)) return keyId;
          const { maxKeys } = API_KEY_LIMITS;
          throw new ImError('limit_reached', `there are ${maxKeys} keys: revoke one that is not needed any more`);
        });
        print(apiKeyText(keyId, secret));
        process.stderr.write('This is the only time that the key is shown.\n');
      }),
    );
  addJson(verb('list', 'list the keys, without their secrets')).action(
    run(async ({ json, data }: DataOption & { json: boolean }) => {
      await using engines = await commandEngines(env, data);
      const all = await engines.apiKeys.list();
      if (all.length === 0) note('no keys yet: chasqui keys create <name> --scopes <scopes...> makes one');
      for (const { secretHash: _, formerHash: __, ...key } of all) {
        print(json ? JSON.stringify(key) : lineOf(key));
      }
    }),
  );
  verb('rotate <keyId>', 'give a key a new secret and print it, once')
    .option('--keep <hours>', 'how long the old secret stays valid', wholeNumber(0, 24 * 365), 24)
    .action(
      run(async (keyId: string, { keep, data }: DataOption & { keep: number }) => {
        const { secret, secretHash } = newApiKeySecret();
        const formerUntil = systemClock.now() + keep * HOUR_MS;
        await change(data, 'rotate_key', async ({ apiKeys }) => {
          if (!(await apiKeys.rotate({ keyId, secretHash, formerUntil }))) throw unknown(keyId);
          return keyId;
        });
        print(apiKeyText(keyId, secret));
        process.stderr.write(
          `The old key is valid for ${keep} hours. This is the only time that the new one is shown.\n`,
        );
      }),
    );
  verb('revoke <keyId>', 'make a key invalid at once, everywhere').action(
    run(async (keyId: string, { data }: DataOption) => {
      await change(data, 'revoke_key', async ({ apiKeys }) => {
        if (!(await apiKeys.revoke(keyId, systemClock.now()))) throw unknown(keyId);
        return keyId;
      });
      print(`revoked ${keyId}`);
    }),
  );
}

function lineOf({ keyId, name, scopes, perSecond, createdAt, expiresAt, lastUsedAt, revokedAt }: Listed): string {
  const day = (at: number) => new Date(at).toISOString().slice(0, 16);
  const parts = [keyId, name, scopes.join(','), `${perSecond}/s`, `made ${day(createdAt)}`];
  parts.push(lastUsedAt === 0 ? 'never used' : `used ${day(lastUsedAt)}`);
  if (expiresAt > 0) parts.push(`expires ${day(expiresAt)}`);
  if (revokedAt > 0) parts.push(`revoked ${day(revokedAt)}`);
  return parts.join('  ');
}

type Listed = Omit<ApiKey, 'secretHash' | 'formerHash'>;

function unknown(keyId: string): ImError {
  return new ImError('not_found', `there is no key ${keyId}: chasqui keys list shows the keys`);
}
