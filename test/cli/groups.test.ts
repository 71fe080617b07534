import { expect, test, vi } from 'vitest';
import { createProgram } from '../../apps/cli/src/program.ts';
import { JWT_SECRET, startTestCluster } from '../cluster/cluster.ts';

test('the commands create a group, show it, add, send, count and remove; a refusal is one line', async () => {
  await using cluster = await startTestCluster({ env: { CHASQUI_ADMINS: 'ops' } });
  const target = ['--server', cluster.running.url, '--data', cluster.dataDir];
  let secret = JWT_SECRET;
  /** The lines that a command prints, on either stream. */
  const chasqui = async (...args: string[]): Promise<string[]> => {
    const written: string[] = [];
    const keep = (text: string | Uint8Array) => written.push(String(text)) > 0;
    const spies = [process.stdout, process.stderr].map((stream) => vi.spyOn(stream, 'write').mockImplementation(keep));
    try {
      await (await createProgram({ CHASQUI_JWT_SECRET: secret })).parseAsync(args, { from: 'user' });
    } finally {
      for (const spy of spies) spy.mockRestore();
      process.exitCode = 0;
    }
    return written.join('').trimEnd().split('\n');
  };
  const group = (verb: string, ...args: string[]) => chasqui('group', verb, ...args, ...target);

  expect(await group('create', 'Team', '--as', 'ann', '--members', 'bob', '--id', 'team')).toEqual([
    'created team with 2 members',
  ]);
  await cluster.running.engines.blocks.block('eve', 'bob', 1);
  expect(await group('add', 'team', 'cat', 'eve', '--as', 'bob')).toEqual(['added   cat', 'skipped eve (blocked)']);
  expect(await group('show', 'team', '--as', 'cat')).toContain('3 members; owner: ann; cat: member');
  expect(await group('members', 'team', '--as', 'cat')).toEqual([
    'owner   ann  ann',
    'member  bob  bob',
    'member  cat  cat',
  ]);
  expect(await group('role', 'team', 'bob', 'admin', '--as', 'ann')).toEqual(['bob is admin']);
  expect(await group('mute', 'team', 'cat', '--minutes', '5', '--as', 'bob')).toEqual(['muted cat for 5 min']);
  expect(await group('mute', 'team', 'cat', '--minutes', '0', '--as', 'bob')).toEqual(['cat may post again']);
  expect(await group('links', 'team', '--as', 'cat')).toEqual(['no links: chasqui group link <groupId> makes one']);
  const [link = ''] = await group('link', 'team', '--uses', '1', '--as', 'cat');
  expect(await group('links', 'team', '--as', 'cat')).toEqual([`${link}  by cat  ends never  uses left: 1`]);
  expect(await group('join', link, '--as', 'dan')).toEqual(['joined team']);
  expect(await group('leave', 'team', '--as', 'dan')).toEqual(['dan left team']);
  const [other = ''] = await group('link', 'team', '--as', 'ann');
  expect(await group('unlink', 'team', other, '--as', 'ann')).toEqual([`ended ${other}`]);
  expect(await group('role', 'team', 'bob', 'member', '--as', 'ann')).toEqual(['bob is member']);
  const sent = await chasqui('send', '--as', 'ann', '--group', 'team', 'hello', 'all', ...target);
  expect(sent.map((line) => line.split(' ')[0])).toEqual(['queued', 'stored']);
  const messageId = sent[1]?.split(' ').at(-1) ?? '';
  expect(await chasqui('unread', '--user', 'cat', '--data', cluster.dataDir)).toEqual(['cat: 1 unread', '  team  1']);
  expect(await chasqui('unread', '--check', '--data', cluster.dataDir)).toContain('3 users checked, 0 counts differ');
  const trace = await chasqui('trace', messageId, '--data', cluster.dataDir);
  expect(trace.slice(2, 4)).toEqual(['to         team', "now        stored: in the history and the group's log"]);
  expect(await group('remove', 'team', 'cat', '--as', 'bob')).toEqual([
    'chasqui: only admins of this group may remove members: ask one of them (not_allowed)',
  ]);
  expect(await group('remove', 'team', 'cat', '--as', 'ann')).toEqual(['removed cat']);
  expect(await chasqui('send', '--as', 'cat', '--group', 'team', 'am I here?', ...target)).toEqual([
    'chasqui: you are not a member of this group: ask one of its members to add you (not_a_member)',
  ]);
  expect(await chasqui('send', '--as', 'cat', 'to whom?', ...target)).toEqual([
    'chasqui: use --to <userId> or --group <groupId> (invalid_request)',
  ]);
  const byOps = (verb: string, ...args: string[]) => group(verb, ...args, '--admin', '--as', 'ops');
  expect(await group('of', 'bob', '--as', 'ops')).toEqual(['member  team  Team  (2 members)']);
  expect(await group('of', 'bob', '--as', 'bob')).toEqual(['chasqui: only administrators may do this (forbidden)']);
  expect(await byOps('change', 'team', '--name', 'Group')).toEqual(['changed team']);
  expect((await byOps('show', 'team')).slice(0, 2)).toEqual(['Group (team)', '2 members; owner: ann']);
  expect(await byOps('change', 'team')).toEqual(['chasqui: use --name, --description or --picture (invalid_request)']);
  expect(await byOps('role', 'team', 'bob', 'owner')).toEqual(['bob is owner']);
  expect(await byOps('remove', 'team', 'ann')).toEqual(['removed ann']);
  expect(await byOps('members', 'team')).toEqual(['owner   bob  bob']);
  expect(await byOps('dissolve', 'team')).toEqual(['dissolved team']);
  expect(await group('of', 'cat', '--as', 'ops')).toEqual(['former  team  Group  (1 members, dissolved)']);
  expect(await group('of', 'nobody', '--as', 'ops')).toEqual(['nobody is and was in no group']);
  secret = 'the secret of another server, not of this one';
  expect(await group('show', 'team', '--as', 'bob')).toEqual([
    'chasqui: the token is not valid. Does --data name the data folder of that server? If it was started with settings (CHASQUI_JWT_…, or --config), this command needs the same (token_invalid)',
  ]);
}, 120_000);
