import { isErasable } from '@chasqui/core';
import { type Erasure, ImError, type UserId } from '@chasqui/domain';
import { type Environment, systemClock } from '@chasqui/kit';
import type { Engines } from '@chasqui/ports';
import { type Command, Option } from 'commander';
import { type AskedErasure, contentOf, erasuresIn, lineOf, userIdOf } from '../support/erasure-lines.ts';
import { audited, cliActor, commandEngines } from '../support/installation.ts';
import { note, print, run } from '../support/run.ts';
import { addJson } from './options.ts';

interface DataOption {
  data?: string;
}

interface AddOptions extends DataOption {
  messages: string;
  unknownToo: boolean;
}

/** Erasures that are read together. */
const PAGE = 500;

/** Erasures of users, in the stores of an installation. A running server does the work. */
export function addErasures(program: Command, env: Environment): void {
  const erasures = program.command('erasures').description('erase users for good, and keep the list for restores');
  const verb = (usage: string, description: string) =>
    erasures
      .command(usage)
      .description(description)
      .option('--data <dir>', "the server's data folder (default: ./.data)");
  const messages = new Option('--messages <what>', 'what becomes of their messages').choices(['keep', 'erase']);

  verb('add <userId>', 'erase a user: a running server does it, or the next one')
    .addOption(messages.makeOptionMandatory())
    .option('--unknown-too', 'also an id of which nothing is here: it is used up for good', false)
    .action(
      run(async (given: string, { messages: what, unknownToo, data }: AddOptions) => {
        const userId = userIdOf(given);
        await using engines = await commandEngines(env, data);
        const holds = await engines.holds.list();
        if (holds.some(({ kind, subject }) => kind === 'user' && subject === userId)) {
          throw new ImError('legal_hold', `a legal hold is on ${userId}: release it first (chasqui holds list)`);
        }
        if (!unknownToo) await mustBeKnown(engines, userId);
        await ask(engines, { userId, erasesMessages: what === 'erase' });
        print(`asked for: ${userId}`);
      }),
    );
  addJson(verb('list', 'list all erasures; with --json, as apply reads them')).action(
    run(async ({ json, data }: DataOption & { json: boolean }) => {
      await using engines = await commandEngines(env, data);
      let isEmpty = true;
      for await (const erasure of all(engines)) {
        isEmpty = false;
        print(json ? JSON.stringify(erasure) : lineOf(erasure));
      }
      if (isEmpty) note('no erasures');
    }),
  );
  verb('apply <file>', 'erase again whom a restored backup brought back: the output of list --json').action(
    run(async (file: string, { data }: DataOption) => {
      const asked = erasuresIn(await contentOf(file));
      await using engines = await commandEngines(env, data);
      for (const one of asked) await ask(engines, one);
      print(`asked for: ${asked.length} users`);
    }),
  );
}

/** Errors: `not_found`. */
async function mustBeKnown(engines: Engines, userId: UserId): Promise<void> {
  if (await isErasable(engines, userId)) return;
  throw new ImError('not_found', `nothing is known of ${userId}; --unknown-too uses up the id anyway`);
}

async function ask(engines: Engines, asked: AskedErasure): Promise<void> {
  const erasure = { ...asked, askedBy: cliActor(), requestedAt: systemClock.now() };
  await audited(
    engines,
    'ask_erasure',
    async () => {
      await engines.erasures.begin(erasure);
    },
    asked.userId,
  );
}

async function* all({ erasures }: Engines): AsyncGenerator<Erasure> {
  for (let after: UserId = ''; ; ) {
    const page = await erasures.page(after, PAGE);
    yield* page;
    after = page.at(-1)?.userId ?? after;
    if (page.length < PAGE) return;
  }
}
