import { ImError } from '@chasqui/domain';
import type { Environment } from '@chasqui/kit';
import type { ConversationStore, Engines } from '@chasqui/ports';
import type { Command } from 'commander';
import { audited, commandEngines } from '../support/installation.ts';
import { print, run } from '../support/run.ts';
import { addJson } from './options.ts';

const PAGE = 500;

interface UnreadOptions {
  check: boolean;
  repair: boolean;
  as?: string;
  user?: string;
  data?: string;
  json: boolean;
}

export function addUnread(program: Command, env: Environment): void {
  const command = program
    .command('unread')
    .description('print the unread counts of a user, or check those of all users')
    .option('--as <userId>', 'print the counts of one user')
    .option('--user <userId>', 'the same')
    .option(
      '--check',
      'recompute every count from the logs and report differences (exit code 1 if there are any)',
      false,
    )
    .option('--repair', 'with --check: correct the differences', false)
    .option('--data <dir>', "the server's data folder (default: ./.data)");
  addJson(command).action(
    run(async ({ as, user = as, check, repair, data, json }: UnreadOptions) => {
      if (user === undefined && !check) {
        throw new ImError('invalid_request', 'use --as <userId> or --check');
      }
      await using engines = await commandEngines(env, data);
      if (user !== undefined) await printCounts(engines, user, json);
      if (!check) return;
      const work = () => checkAll(engines, { repair, json });
      if (repair) await audited(engines, 'repair_unread', work);
      else await work();
    }),
  );
}

async function printCounts({ conversations, groups }: Engines, userId: string, json: boolean): Promise<void> {
  const direct = await conversations.unread(userId);
  const [inGroups = { total: 0, byConversation: {}, mentions: {} }] = await groups.unread([userId]);
  const total = direct.total + inGroups.total;
  if (json) {
    const byConversation = { ...direct.byConversation, ...inGroups.byConversation };
    return print(JSON.stringify({ userId, total, byConversation, mentions: inGroups.mentions }));
  }
  print(`${userId}: ${total} unread`);
  for (const [conversationId, count] of Object.entries(direct.byConversation)) print(`  ${conversationId}  ${count}`);
  for (const [conversationId, count] of Object.entries(inGroups.byConversation)) {
    const mentions = inGroups.mentions[conversationId] ?? 0;
    print(`  ${conversationId}  ${count}${mentions === 0 ? '' : ` (${mentions} mention ${userId})`}`);
  }
}

/** Resolves to the report. */
async function checkAll(
  { conversations, unreadCache }: Engines,
  { repair, json }: Pick<UnreadOptions, 'repair' | 'json'>,
): Promise<string> {
  let users = 0;
  let drifted = 0;
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<ConversationStore['recount']>> = await conversations.recount(cursor, {
      repair,
      limit: PAGE,
    });
    users += page.users;
    drifted += page.drift.length;
    for (const { userId, conversationId, count, stored, recomputed } of page.drift) {
      const said = `${userId} in ${conversationId}: ${count} stored ${stored}, recomputed ${recomputed}`;
      if (json) print(JSON.stringify({ userId, conversationId, count, stored, recomputed, corrected: repair }));
      else print(`${said}${repair ? ', corrected' : ''}`);
      if (repair) await unreadCache.drop(userId);
    }
    process.stderr.write(`\rchecked ${users} users`);
    cursor = page.cursor;
  } while (cursor !== null);
  process.stderr.write('\n');
  const said = `${users} users checked, ${drifted} counts differ${repair && drifted > 0 ? ' (corrected)' : ''}`;
  print(json ? JSON.stringify({ users, drifted, corrected: repair }) : said);
  if (drifted > 0 && !repair) process.exitCode = 1;
  return said;
}
