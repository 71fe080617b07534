import { defined, ImError } from '@chasqui/domain';
import { note, print, run } from '../support/run.ts';
import { type AsUser, type GroupCommandContext, pathOf } from './group-administration.ts';

interface Profile {
  name?: string;
  description?: string;
  picture?: string;
}

interface UserGroupsBody {
  groups: { conversationId: string; name: string; memberCount: number; role?: string; dissolvedAt?: number }[];
  nextCursor?: string;
}

/** What an operator does about a group that was reported; owners can do some of it too. */
export function addGroupOperation({ verb, adminVerb, call }: GroupCommandContext): void {
  verb('of <userId>', 'list the groups that a user is or was in, by an administrator').action(
    run(async (userId: string, options: AsUser) => {
      let cursor: string | undefined;
      do {
        const query = cursor === undefined ? '' : `&cursor=${encodeURIComponent(cursor)}`;
        const path = `/api/admin/users/${encodeURIComponent(userId)}/groups?limit=100${query}`;
        const { groups, nextCursor } = (await call(options, { path })) as UserGroupsBody;
        if (cursor === undefined && groups.length === 0) note(`${userId} is and was in no group`);
        for (const group of groups) {
          const { conversationId, name, memberCount, role = 'former', dissolvedAt } = group;
          const end = dissolvedAt === undefined ? '' : ', dissolved';
          const line = `${role.padEnd(7)} ${conversationId}  ${name}  (${memberCount} members${end})`;
          print(options.json ? JSON.stringify(group) : line);
        }
        cursor = nextCursor;
      } while (cursor !== undefined);
    }),
  );
  adminVerb('change <groupId>', 'change the name, description or picture of a group')
    .option('--name <name>', 'its name')
    .option('--description <text>', 'its description; empty: none')
    .option('--picture <picture>', 'the address or key of its picture; empty: none')
    .action(
      run(async (groupId: string, { name, description, picture, ...options }: AsUser & Profile) => {
        const body = defined({ name, description, picture });
        if (Object.keys(body).length === 0) {
          throw new ImError('invalid_request', 'use --name, --description or --picture');
        }
        const group = await call(options, { method: 'PATCH', path: pathOf(groupId, options), body });
        print(options.json ? JSON.stringify(group) : `changed ${groupId}`);
      }),
    );
  adminVerb('dissolve <groupId>', 'dissolve a group for good: nobody can post in it any more').action(
    run(async (groupId: string, options: AsUser) => {
      await call(options, { method: 'DELETE', path: pathOf(groupId, options) });
      print(options.json ? JSON.stringify({ dissolved: groupId }) : `dissolved ${groupId}`);
    }),
  );
}
