import { randomBytes } from 'node:crypto';
import {
  changedEndpoint,
  changeEndpoint,
  findEndpoint,
  MAX_RETRY_MINUTES,
  newEndpoint,
  ROTATION_MS,
  rotated,
  testEvent,
} from '@chasqui/core';
import { ImError, type WebhookEndpoint } from '@chasqui/domain';
import { ConfigReader, type Environment, readWebhookRule, systemClock } from '@chasqui/kit';
import type { Engines } from '@chasqui/ports';
import type { Command } from 'commander';
import { endpointLines, letterLine } from '../support/hook-lines.ts';
import { audited, commandEngines } from '../support/installation.ts';
import { note, print, run } from '../support/run.ts';
import { addJson, wholeNumber } from './options.ts';

const PAGE = 500;
const HOUR_MS = 3600 * 1000;

interface DataOption {
  data?: string;
}

export function addHooks(program: Command, env: Environment): void {
  const hooks = program.command('hooks').description('tell other programs of what happens here: webhooks');
  /** A subcommand that works on the stores; those that change something are in the audit log. */
  const add = <Options extends DataOption>(
    [usage, description]: [string, string],
    work: (engines: Engines, options: Options, argument: string) => Promise<unknown>,
    isChange = true,
  ) =>
    hooks
      .command(usage)
      .description(description)
      .option('--data <dir>', "the server's data folder (default: ./.data)")
      .action(
        run(async (...[first, second]: [string | Options, Options?]) => {
          const options = (typeof first === 'string' ? second : first) as Options;
          const argument = typeof first === 'string' ? first : '';
          await using engines = await commandEngines(env, options.data);
          const done = async () => void (await work(engines, options, argument));
          await (isChange ? audited(engines, 'manage_webhooks', done) : done());
        }),
      );

  add<DataOption & { types?: string; description: string; retryMinutes?: number }>(
    ['create <url>', 'add an endpoint and print its secret'],
    async ({ webhooks }, { types, description, retryMinutes }, url) => {
      const reader = new ConfigReader(env);
      const rule = reader.finish(readWebhookRule(reader));
      const wanted = types?.split(',').map((type) => type.trim()) ?? [];
      const endpoint = newEndpoint({ url, types: wanted, description, retryMinutes }, rule, {
        now: systemClock.now(),
        randomBytes,
      });
      if (!(await webhooks.put(endpoint))) throw new ImError('limit_reached', 'there are too many endpoints');
      print(endpoint.endpointId);
      print(endpoint.secrets[0]?.secret ?? '');
    },
  )
    .option('--types <types>', 'the types of events that it gets, separated by commas (default: all)')
    .option('--description <text>', 'what it is for', '')
    .option(
      '--retry-minutes <n>',
      'how long an event is tried before it is a dead letter (default: 3 days)',
      wholeNumber(1, MAX_RETRY_MINUTES),
    );
  addJson(
    add<DataOption & { json: boolean }>(
      ['list', 'show the endpoints, and how each is served'],
      async ({ webhooks, serverEvents }, { json }) => {
        const { head } = await serverEvents.state();
        const all = await webhooks.list();
        if (all.length === 0) note('no endpoints yet: chasqui hooks create <url> adds one');
        for (const { endpoint, lease } of all) {
          const progress = await webhooks.progress(endpoint.endpointId);
          const deadLetters = await webhooks.deadLetters(endpoint.endpointId, { after: 0, limit: PAGE });
          const found = { endpoint, lease, progress, head, deadLetters: deadLetters.length };
          for (const line of endpointLines(found, json)) print(line);
        }
      },
      false,
    ),
  );
  add<DataOption & { hours: number }>(
    ['rotate <endpointId>', 'give an endpoint another secret and print it; the former one signs beside it for a while'],
    async (engines, { hours }, endpointId) => {
      const changed = await change(engines, endpointId, (endpoint) =>
        rotated(endpoint, hours * HOUR_MS, { now: systemClock.now(), randomBytes }),
      );
      print(changed.secrets[0]?.secret ?? '');
    },
  ).option('--hours <n>', 'for how long the former secret signs', wholeNumber(0, 720), ROTATION_MS / HOUR_MS);
  const setDisabled = (engines: Engines, endpointId: string, disabled: boolean) =>
    change(engines, endpointId, (endpoint) =>
      changedEndpoint(endpoint, { disabled }, { allowHttp: false, allowPrivate: false }, systemClock.now()),
    );
  add(['disable <endpointId>', 'stop telling an endpoint; it keeps its place'], (engines, _, endpointId) =>
    setDisabled(engines, endpointId, true),
  );
  add(['enable <endpointId>', 'tell an endpoint again, from where it was'], (engines, _, endpointId) =>
    setDisabled(engines, endpointId, false),
  );
  add(['remove <endpointId>', 'forget an endpoint, with its dead letters'], async ({ webhooks }, _, endpointId) => {
    if (!(await webhooks.remove(endpointId))) throw noSuchEndpoint(endpointId);
  });
  add(['test <endpointId>', 'send an event of the type webhook.test'], async (engines, _, endpointId) => {
    const { serverEvents } = engines;
    const { disabled } = await find(engines, endpointId);
    const now = systemClock.now();
    const event = testEvent(endpointId, now);
    await serverEvents.append([event], now);
    if (disabled === null) print(`${event.id} is on its way: chasqui hooks list tells what became of it`);
    else print(`${event.id} waits: the endpoint is disabled until chasqui hooks enable ${endpointId}`);
  });
  addJson(
    add<DataOption & { json: boolean }>(
      ['dead-letters <endpointId>', 'show the events that an endpoint did not take'],
      async (engines, { json }, endpointId) => {
        await find(engines, endpointId);
        for (let after = 0, count = PAGE; count === PAGE; ) {
          const letters = await engines.webhooks.deadLetters(endpointId, { after, limit: PAGE });
          if (after === 0 && letters.length === 0) note('no dead letters: it took every event, or is still asked');
          for (const letter of letters) print(letterLine(letter, json));
          after = letters.at(-1)?.position ?? 0;
          count = letters.length;
        }
      },
      false,
    ),
  );
  add<DataOption & { position?: number }>(
    ['replay <endpointId>', 'send dead letters again: all of them, or one'],
    async (engines, { position }, endpointId) => {
      await find(engines, endpointId);
      const count = await engines.webhooks.replay(endpointId, position === undefined ? 'all' : [position]);
      print(`${count} events are sent again`);
    },
  ).option('--position <n>', 'the position of the only one', wholeNumber(1, Number.MAX_SAFE_INTEGER));
}

async function find({ webhooks }: Engines, endpointId: string): Promise<WebhookEndpoint> {
  const endpoint = await findEndpoint(webhooks, endpointId);
  if (endpoint === undefined) throw noSuchEndpoint(endpointId);
  return endpoint;
}

async function change(
  { webhooks }: Engines,
  endpointId: string,
  make: (endpoint: WebhookEndpoint) => WebhookEndpoint,
): Promise<WebhookEndpoint> {
  const changed = await changeEndpoint(webhooks, endpointId, make);
  if (changed === undefined) throw noSuchEndpoint(endpointId);
  return changed;
}

function noSuchEndpoint(endpointId: string): ImError {
  return new ImError('not_found', `there is no endpoint ${endpointId}: chasqui hooks list`);
}
