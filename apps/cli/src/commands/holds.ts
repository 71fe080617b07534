import { HOLD_KINDS, HOLD_LIMITS, type HoldKind, ImError, isSubject, type LegalHold } from '@chasqui/domain';
import { type Environment, holdIdOf, systemClock } from '@chasqui/kit';
import { Argument, type Command } from 'commander';
import { audited, cliActor, commandEngines } from '../support/installation.ts';
import { note, print, run } from '../support/run.ts';
import { addJson } from './options.ts';

interface DataOption {
  data?: string;
}

/** Kept messages that are removed in one call. */
const CHUNK = 1_000;

/** Legal holds, in the stores of an installation: no server need run. What they keep is read by the server API. */
export function addHolds(program: Command, env: Environment): void {
  const holds = program.command('holds').description('place, list and release legal holds');
  const verb = (usage: string, description: string) =>
    holds.command(usage).description(description).option('--data <dir>', "the server's data folder (default: ./.data)");

  verb('place', 'keep what is deleted of a user or a conversation from now on')
    .addArgument(new Argument('<kind>', 'what it is on').choices(HOLD_KINDS))
    .argument('<subject>', 'the id of the user, or of the conversation')
    .argument('<reason>', `at most ${HOLD_LIMITS.maxReasonLength} characters`)
    .action(
      run(async (kind: HoldKind, subject: string, reason: string, { data }: DataOption) => {
        const wrong = isSubject({ kind, subject }) ? null : `${subject} is no id of a ${kind}`;
        const length = [...reason].length;
        const isLong = length === 0 || length > HOLD_LIMITS.maxReasonLength;
        const fault = wrong ?? (isLong ? `the reason must have 1–${HOLD_LIMITS.maxReasonLength} characters` : null);
        if (fault !== null) throw new ImError('invalid_request', fault);
        await using engines = await commandEngines(env, data);
        const holdId = holdIdOf({ kind, subject, reason });
        const hold = { holdId, kind, subject, reason, placedBy: cliActor(), placedAt: systemClock.now() };
        const place = async () => {
          if (await engines.holds.place(hold)) return holdId;
          throw new ImError('limit_reached', `legal holds: at most ${HOLD_LIMITS.maxHolds}`);
        };
        print(await audited(engines, 'place_hold', place, targetOf(hold)));
      }),
    );
  addJson(verb('list', 'list the holds, the oldest first')).action(
    run(async ({ json, data }: DataOption & { json: boolean }) => {
      await using engines = await commandEngines(env, data);
      const all = await engines.holds.list();
      if (all.length === 0) note('no holds');
      for (const hold of all) print(json ? JSON.stringify(hold) : lineOf(hold));
    }),
  );
  verb('release <holdId>', 'release a hold; what was kept for it alone is gone then').action(
    run(async (holdId: string, { data }: DataOption) => {
      await using engines = await commandEngines(env, data);
      const hold = await engines.holds.get(holdId);
      if (hold === null) throw new ImError('not_found', `there is no hold ${holdId}: chasqui holds list shows them`);
      const release = async () => {
        while (!(await engines.holds.release(holdId, CHUNK)));
        return holdId;
      };
      print(`released ${await audited(engines, 'release_hold', release, targetOf(hold))}`);
    }),
  );
}

function targetOf({ kind, subject }: Pick<LegalHold, 'kind' | 'subject'>): string {
  return kind === 'user' ? subject : '';
}

function lineOf({ holdId, kind, subject, reason, placedBy, placedAt }: LegalHold): string {
  return [holdId, kind, subject, reason, `placed ${new Date(placedAt).toISOString().slice(0, 16)} by ${placedBy}`].join(
    '  ',
  );
}
