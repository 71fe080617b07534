import { expect, test } from 'vitest';
import { holdsOn, isSubject, type LegalHold } from './legal-hold.ts';

function holdOf(kind: LegalHold['kind'], subject: string): LegalHold {
  return { holdId: `${kind} ${subject}`, kind, subject, reason: 'case 7', placedBy: 'key:1', placedAt: 1 };
}

test('a hold on a user covers what they send and their direct conversations; one on a conversation, its messages', () => {
  const holds = [holdOf('user', 'ann'), holdOf('conversation', 'ann~bob'), holdOf('conversation', 'team')];
  const covering = (conversationId: string, from: string) =>
    holdsOn(holds, { conversationId, from }).map(({ holdId }) => holdId);
  expect(covering('ann~bob', 'bob')).toEqual(['user ann', 'conversation ann~bob']);
  expect(covering('ann~cat', 'cat')).toEqual(['user ann']);
  expect(covering('team', 'ann')).toEqual(['user ann', 'conversation team']);
  expect(covering('team', 'bob')).toEqual(['conversation team']);
  expect(covering('crew', 'bob')).toEqual([]);
  expect(covering('bob~cat', 'bob')).toEqual([]);
  expect(holdsOn([holdOf('conversation', 'ann')], { conversationId: 'ann~bob', from: 'ann' })).toEqual([]);
});

test('C15: a subject is an id of its kind', () => {
  const subjects = ['ann', 'ann~bob', 'team', 'bob~ann', 'no id', ''];
  expect(subjects.filter((subject) => isSubject({ kind: 'user', subject }))).toEqual(['ann', 'team']);
  expect(subjects.filter((subject) => isSubject({ kind: 'conversation', subject }))).toEqual([
    'ann',
    'ann~bob',
    'team',
  ]);
});
