import type { FullClient } from '@chasqui/client';
import { expect, test } from 'vitest';
import type { Api } from '../api.ts';
import { GroupDetails } from './group-details.ts';

const memberOf = (userId: string, displayName: string) => ({
  userId,
  displayName,
  role: 'member',
  joinedAt: 1,
  avatar: '',
});
const tick = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** A group whose first page has Ann, and more members behind it. */
function details() {
  const asked: string[] = [];
  const api = {
    async call(_: string, path: string) {
      if (!path.includes('/members')) return { conversationId: 'team' };
      if (path.includes('q=zo')) return { members: [memberOf('zoe', 'Zoë')] };
      return { members: [memberOf('ann', 'Ann')], nextCursor: 'more' };
    },
    async user(userId: string) {
      asked.push(userId);
      if (userId === 'gone') throw new Error('no such user');
      return { userId, displayName: `Name of ${userId}` };
    },
  };
  const ended = new AbortController();
  const client = { on: () => () => undefined };
  const subject = new GroupDetails(api as unknown as Api, client as unknown as FullClient, 'team', ended.signal);
  return { subject, asked };
}

test('who is behind the first page, or has left, is shown by name once it is known; nobody is asked for twice', async () => {
  const { subject, asked } = details();
  const names = () => ['ann', 'left', 'gone'].map(subject.nameOf);
  expect(names()).toEqual(['ann', 'left', 'gone']);
  await tick(100);
  expect(names()).toEqual(['Ann', 'Name of left', 'gone']);
  await tick(100);
  expect(asked).toEqual(['left', 'gone']);
});

test('members who are found for a mention are known from then on, also after a change of the group', async () => {
  const { subject } = details();
  await tick(10);
  await subject.find('zo');
  await subject.load();
  expect(subject.get().members.map(({ displayName }) => displayName)).toEqual(['Ann', 'Zoë']);
});
