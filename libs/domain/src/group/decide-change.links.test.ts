import { describe, expect, test } from 'vitest';
import { team } from '../testing/group-team.ts';
import { MAX_LINKS, MAX_REQUESTS } from './group-link.ts';
import { MAX_INTERVALS } from './member.ts';

describe('links', () => {
  test('ended, used up and other groups’ links let nobody in', () => {
    const group = team();
    group.must('owner', 'link', { linkId: 'once', expiresAt: 0, uses: 1 });
    group.must('new', 'join', { linkId: 'once' });
    group.refuses('new2', 'join', { linkId: 'once' }, 'link_invalid', 'linkId');
    expect(group.must('new', 'join', { linkId: 'once' }).newcomers).toEqual([]);
    group.must('owner', 'link', { linkId: 'short', expiresAt: group.now + 10, uses: null });
    group.now += 20;
    group.refuses('new2', 'join', { linkId: 'short' }, 'link_invalid', 'linkId');
    group.links.set('theirs', { ...linkOf('theirs'), conversationId: 'other' });
    group.refuses('new2', 'join', { linkId: 'theirs' }, 'link_invalid', 'linkId');
    expect(group.must('owner', 'unlink', { linkId: 'theirs' }).endedLinks).toEqual([]);
    group.refuses('owner', 'link', { linkId: 'theirs', expiresAt: 0, uses: null }, 'invalid_request', 'linkId');
  });

  test('C16: who has been in it as often as stays are remembered only asks to join, and an admin decides each time', () => {
    const group = team();
    group.must('owner', 'link', { linkId: 'open', expiresAt: 0, uses: null });
    for (let stay = 1; stay <= MAX_INTERVALS; stay++) {
      expect(group.must('new', 'join', { linkId: 'open' }).newcomers, `stay ${stay}`).toEqual(['new']);
      group.must('new', 'leave', {});
    }
    for (let again = 0; again < 2; again++) {
      const asked = group.must('new', 'join', { linkId: 'open' });
      expect([asked.outcome, asked.notice]).toMatchObject([{ isRequested: true }, null]);
      expect(group.must('owner', 'approve', { users: ['new'] }).newcomers).toEqual(['new']);
      group.must('new', 'leave', {});
    }
  });

  test('what a link says is checked', () => {
    const group = team();
    const asked = { linkId: 'new', expiresAt: 0, uses: null };
    group.refuses('owner', 'link', { ...asked, expiresAt: group.now }, 'content_invalid', 'expiresAt');
    group.refuses('owner', 'link', { ...asked, uses: 0 }, 'invalid_request', 'uses');
    for (let n = 0; n < MAX_LINKS; n++) group.links.set(`l${n}`, linkOf(`l${n}`));
    group.refuses('owner', 'link', asked, 'limit_reached', 'conversationId');
  });

  test('a use is spent by who joins or asks to, not by members', () => {
    const group = team();
    group.must('owner', 'link', { linkId: 'three', expiresAt: 0, uses: 3 });
    const left = () => group.links.get('three')?.usesLeft;
    group.must('plain', 'join', { linkId: 'three' });
    expect(left()).toBe(3);
    group.must('new', 'join', { linkId: 'three' });
    group.must('owner', 'update', { settings: { join: 'approval' } });
    for (let n = 0; n < 2; n++)
      expect(group.must('new2', 'join', { linkId: 'three' }).outcome).toMatchObject({
        isRequested: true,
      });
    expect(left()).toBe(1);
  });

  test('who asked by the last use of a link and asks again is told that they wait', () => {
    const group = team();
    group.must('owner', 'update', { settings: { join: 'approval' } });
    group.must('owner', 'link', { linkId: 'once', expiresAt: 0, uses: 1 });
    for (let n = 0; n < 2; n++)
      expect(group.must('new', 'join', { linkId: 'once' }).outcome).toMatchObject({ isRequested: true });
    group.refuses('new2', 'join', { linkId: 'once' }, 'link_invalid', 'linkId');
  });

  test('who was removed may only ask, who left joins again', () => {
    const group = team();
    group.must('owner', 'link', { linkId: 'open', expiresAt: 0, uses: null });
    group.must('plain', 'leave', {});
    expect(group.must('plain', 'join', { linkId: 'open' }).newcomers).toEqual(['plain']);
    group.must('owner', 'remove', { users: ['plain'] });
    expect(group.must('plain', 'join', { linkId: 'open' }).requests).toMatchObject([{ userId: 'plain' }]);
    group.must('admin', 'approve', { users: ['plain'] });
    group.must('plain', 'leave', {});
    expect(group.must('plain', 'join', { linkId: 'open' }).newcomers).toEqual(['plain']);
  });

  test('a full group and a user of too many groups are refused at the link', () => {
    const group = team({ maxMembers: 6 });
    group.must('owner', 'link', { linkId: 'open', expiresAt: 0, uses: null });
    group.inGroups('busy', 5);
    group.refuses('busy', 'join', { linkId: 'open' }, 'too_many_groups', 'linkId');
    group.must('new', 'join', { linkId: 'open' });
    group.refuses('new2', 'join', { linkId: 'open' }, 'group_full', 'linkId');
  });

  test('C16: no more than so many wait for approval', () => {
    const group = team({ join: 'approval' });
    group.must('owner', 'link', { linkId: 'open', expiresAt: 0, uses: null });
    for (let n = 0; n < MAX_REQUESTS; n++)
      group.requests.set(`w${n}`, { conversationId: 'team', userId: `w${n}`, at: n });
    group.refuses('new', 'join', { linkId: 'open' }, 'limit_reached', 'linkId');
  });
});

function linkOf(linkId: string) {
  return { conversationId: 'team', linkId, createdBy: 'owner', createdAt: 1, expiresAt: 0, usesLeft: null };
}
