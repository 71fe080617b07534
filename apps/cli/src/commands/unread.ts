import { ImError } from '@chasqui/domain';
import type { Environment } from '@chasqui/kit';
import type { Engines } from '@chasqui/ports';
import type { Command } from 'commander';
import { commandEngines } from '../support/command-engines.ts';
import { print, run } from '../support/run.ts';

const PAGE = 500;

interface UnreadOptions {
  check: boolean;
  repair: boolean;
  user?: string;
  data?: string;
}

export function addUnread(program: Command, env: Environment): void {
  program
    .command('unread')
    .description("a user's unread counts, or a check of everybody's")
    .option('--user <userId>', 'print the counts of one user')
    .option(
      '--check',
      'recompute every count from the inboxes and report what differs (exit code 1 if anything does)',
      false,
    )
    .option('--repair', 'with --check: correct what differs', false)
    .option('--data <dir>', "the server's data folder (default: ./.data)")
    .action(
      run(async ({ user, check, repair, data }: UnreadOptions) => {
        if (user === undefined && !check) {
          throw new ImError('invalid_request', 'say --user <userId> or --check');
        }
        await using engines = await commandEngines(env, data);
        if (user !== undefined) await printCounts(engines, user);
        if (check) await checkAll(engines, repair);
      }),
    );
}

async function printCounts({ sessions }: Engines, userId: string): Promise<void> {
  const { total, byConversation } = await sessions.unread(userId);
  print(`${userId}: ${total} unread`);
  for (const [conversationId, count] of Object.entries(byConversation)) print(`  ${conversationId}  ${count}`);
}

async function checkAll({ sessions, unreadCache }: Engines, repair: boolean): Promise<void> {
  let users = 0;
  let drifted = 0;
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<Engines['sessions']['recount']>> = await sessions.recount(cursor, {
      repair,
      limit: PAGE,
    });
    users += page.users;
    drifted += page.drift.length;
    for (const { userId, conversationId, stored, recomputed } of page.drift) {
      print(`${userId} in ${conversationId}: stored ${stored}, recomputed ${recomputed}${repair ? ', corrected' : ''}`);
      if (repair) await unreadCache.drop(userId);
    }
    process.stderr.write(`\rchecked ${users} users`);
    cursor = page.cursor;
  } while (cursor !== null);
  process.stderr.write('\n');
  print(`${users} users checked, ${drifted} counts differ${repair && drifted > 0 ? ' (corrected)' : ''}`);
  if (drifted > 0 && !repair) process.exitCode = 1;
}
