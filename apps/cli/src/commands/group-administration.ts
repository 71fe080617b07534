import { type Command, Option } from 'commander';
import type { ApiCall } from '../support/call-api.ts';
import { note, print, run } from '../support/run.ts';
import type { TargetOptions } from '../support/target.ts';
import { wholeNumber } from './options.ts';

export interface AsUser extends TargetOptions {
  as: string;
  json: boolean;
  /** By an administrator, who acts as the system. */
  admin?: boolean;
}

export interface GroupCommandContext {
  /** A verb of `chasqui group`, with the options of all of them. */
  verb: (usage: string, description: string) => Command;
  /** One that administrators have too. */
  adminVerb: (usage: string, description: string) => Command;
  call: (options: AsUser, asked: ApiCall) => Promise<unknown>;
}

interface LinkBody {
  linkId: string;
  createdBy: string;
  expiresAt?: number;
  usesLeft?: number;
}

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

export function pathOf(groupId: string, { admin = false }: Pick<AsUser, 'admin'>): string {
  return `/api/${admin ? 'admin/' : ''}groups/${encodeURIComponent(groupId)}`;
}

export function memberPath(groupId: string, userId: string, options: Pick<AsUser, 'admin'>): string {
  return `${pathOf(groupId, options)}/members/${encodeURIComponent(userId)}`;
}

/** Roles, mutes, links, and leaving. */
export function addGroupAdministration({ verb, adminVerb, call }: GroupCommandContext): void {
  adminVerb('role <groupId> <userId> <role>', 'make a member admin or member, or the owner in your place').action(
    run(async (groupId: string, userId: string, role: string, options: AsUser) => {
      if (role === 'owner')
        await call(options, { method: 'POST', path: `${pathOf(groupId, options)}/transfer`, body: { userId } });
      else await call(options, { method: 'PUT', path: `${memberPath(groupId, userId, options)}/role`, body: { role } });
      print(options.json ? JSON.stringify({ userId, role }) : `${userId} is ${role}`);
    }),
  );
  adminVerb('mute <groupId> <userId>', 'forbid a member to post')
    .addOption(
      new Option('--minutes <n>', 'for how long; 0: may post again').default(60).argParser(wholeNumber(0, 5_000_000)),
    )
    .action(
      run(async (groupId: string, userId: string, { minutes, ...options }: AsUser & { minutes: number }) => {
        const until = minutes === 0 ? 0 : Date.now() + minutes * MINUTE_MS;
        await call(options, { method: 'PUT', path: `${memberPath(groupId, userId, options)}/mute`, body: { until } });
        if (options.json) return print(JSON.stringify({ userId, until }));
        print(minutes === 0 ? `${userId} may post again` : `muted ${userId} for ${minutes} min`);
      }),
    );
  verb('leave <groupId>', 'leave a group').action(
    run(async (groupId: string, options: AsUser) => {
      await call(options, { method: 'POST', path: `${pathOf(groupId, options)}/leave`, body: {} });
      print(options.json ? JSON.stringify({ left: groupId }) : `${options.as} left ${groupId}`);
    }),
  );
  verb('link <groupId>', 'make a link by which others join')
    .addOption(new Option('--days <n>', 'when it ends (default: never)').argParser(wholeNumber(1, 3_650)))
    .addOption(
      new Option('--uses <n>', 'how many may use it (default: any number)').argParser(wholeNumber(1, 1_000_000)),
    )
    .action(
      run(async (groupId: string, { days, uses, ...options }: AsUser & { days?: number; uses?: number }) => {
        const body = {
          ...(days !== undefined && { expiresAt: Date.now() + days * DAY_MS }),
          ...(uses !== undefined && { uses }),
        };
        const made = (await call(options, {
          method: 'POST',
          path: `${pathOf(groupId, options)}/links`,
          body,
        })) as LinkBody;
        print(options.json ? JSON.stringify(made) : made.linkId);
      }),
    );
  adminVerb('links <groupId>', 'list the links of a group').action(
    run(async (groupId: string, options: AsUser) => {
      const { links } = (await call(options, { path: `${pathOf(groupId, options)}/links` })) as { links: LinkBody[] };
      if (links.length === 0) note('no links: chasqui group link <groupId> makes one');
      for (const link of links) {
        const { linkId, createdBy, expiresAt, usesLeft } = link;
        const ends = expiresAt ? new Date(expiresAt).toISOString() : 'never';
        const line = `${linkId}  by ${createdBy}  ends ${ends}  uses left: ${usesLeft ?? 'any'}`;
        print(options.json ? JSON.stringify(link) : line);
      }
    }),
  );
  adminVerb('unlink <groupId> <linkId>', 'end a link').action(
    run(async (groupId: string, linkId: string, options: AsUser) => {
      await call(options, {
        method: 'DELETE',
        path: `${pathOf(groupId, options)}/links/${encodeURIComponent(linkId)}`,
      });
      print(options.json ? JSON.stringify({ ended: linkId }) : `ended ${linkId}`);
    }),
  );
  verb('join <linkId>', 'join by a link, or ask to').action(
    run(async (linkId: string, options: AsUser) => {
      const path = `/api/group-links/${encodeURIComponent(linkId)}/join`;
      const answer = (await call(options, { method: 'POST', path, body: {} })) as {
        conversationId: string;
        state: string;
      };
      print(options.json ? JSON.stringify(answer) : `${answer.state} ${answer.conversationId}`);
    }),
  );
}
