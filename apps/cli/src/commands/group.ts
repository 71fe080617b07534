import type { Environment } from '@chasqui/kit';
import { type Command, Option } from 'commander';
import { type ApiCall, callApi } from '../support/call-api.ts';
import { print, run } from '../support/run.ts';
import { addTargetOptions } from '../support/target.ts';
import { type AsUser, addGroupAdministration, memberPath, pathOf } from './group-administration.ts';
import { addGroupOperation } from './group-operation.ts';
import { addJson } from './options.ts';

interface GroupBody {
  conversationId: string;
  name: string;
  owner: string;
  memberCount: number;
  role?: string;
  settings: { [name: string]: string | number };
}

interface MembersBody {
  members: { userId: string; role: string; displayName: string }[];
  nextCursor?: string;
}

/** Groups over the HTTP API of a running server. */
export function addGroup(program: Command, env: Environment): void {
  const group = program
    .command('group')
    .description('create a group, show it, change who is in it and who may do what');
  const verb = (usage: string, description: string) =>
    addJson(
      addTargetOptions(group.command(usage).description(description).requiredOption('--as <userId>', 'who does it')),
    );
  const adminVerb = (usage: string, description: string) =>
    verb(usage, description).option('--admin', 'as an administrator, in any group', false);
  const call = (options: AsUser, asked: ApiCall) => callApi(env, options, asked);

  verb('create <name>', 'create a group that the user owns')
    .option('--id <groupId>', 'the id of the group (default: the server makes one)')
    .option('--members <userIds...>', 'members besides the owner')
    .addOption(new Option('--post <who>', 'who may post').choices(['all', 'admins']).default('all'))
    .action(
      run(async (name: string, { id, members, post, ...options }: AsUser & CreateOptions) => {
        const body = { name, settings: { post }, ...(id && { conversationId: id }), ...(members && { members }) };
        const answer = await call(options, { method: 'POST', path: '/api/groups', body });
        if (options.json) return print(JSON.stringify(answer));
        const { group: created, skipped } = answer as { group: GroupBody; skipped: SkippedUser[] };
        print(`created ${created.conversationId} with ${created.memberCount} members`);
        printSkipped(skipped);
      }),
    );
  adminVerb('show <groupId>', 'show a group of the user').action(
    run(async (groupId: string, options: AsUser) => {
      const shown = (await call(options, { path: pathOf(groupId, options) })) as GroupBody;
      if (options.json) return print(JSON.stringify(shown));
      print(`${shown.name} (${shown.conversationId})`);
      const own = shown.role === undefined ? '' : `; ${options.as}: ${shown.role}`;
      print(`${shown.memberCount} members; owner: ${shown.owner}${own}`);
      for (const [name, value] of Object.entries(shown.settings)) print(`  ${name.padEnd(12)} ${value}`);
    }),
  );
  adminVerb('members <groupId>', 'list the members of a group').action(
    run(async (groupId: string, options: AsUser) => {
      let cursor: string | undefined;
      do {
        const query = cursor === undefined ? '' : `&cursor=${encodeURIComponent(cursor)}`;
        const path = `${pathOf(groupId, options)}/members?limit=100${query}`;
        const { members, nextCursor } = (await call(options, { path })) as MembersBody;
        for (const member of members) {
          const { userId, role, displayName } = member;
          print(options.json ? JSON.stringify(member) : `${role.padEnd(7)} ${userId}  ${displayName}`);
        }
        cursor = nextCursor;
      } while (cursor !== undefined);
    }),
  );
  verb('add <groupId> <userIds...>', 'add members').action(
    run(async (groupId: string, users: string[], options: AsUser) => {
      const asked = { method: 'POST', path: `${pathOf(groupId, options)}/members`, body: { users } } as const;
      const answer = await call(options, asked);
      if (options.json) return print(JSON.stringify(answer));
      const { added, skipped } = answer as { added: string[]; skipped: SkippedUser[] };
      for (const userId of added) print(`added   ${userId}`);
      printSkipped(skipped);
    }),
  );
  adminVerb('remove <groupId> <userIds...>', 'remove members; your own id: leave').action(
    run(async (groupId: string, users: string[], options: AsUser) => {
      for (const userId of users) {
        await call(options, { method: 'DELETE', path: memberPath(groupId, userId, options) });
        print(options.json ? JSON.stringify({ removed: userId }) : `removed ${userId}`);
      }
    }),
  );
  addGroupAdministration({ verb, adminVerb, call });
  addGroupOperation({ verb, adminVerb, call });
}

interface CreateOptions {
  id?: string;
  members?: string[];
  post: string;
}

interface SkippedUser {
  userId: string;
  code: string;
}

function printSkipped(skipped: readonly SkippedUser[]): void {
  for (const { userId, code } of skipped) print(`skipped ${userId} (${code})`);
}
