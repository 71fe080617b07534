import type { Notice } from '@chasqui/client';
import { NOTICE_NAMES } from '@chasqui/domain';
import { describe, expect, it } from 'vitest';
import { noticeText } from './notice-text.ts';
import { noticesEn } from './notices-en.ts';
import { noticesZh } from './notices-zh.ts';

const read = (notice: Partial<Notice>, language: 'en' | 'zh' = 'en') =>
  noticeText(
    { conversationId: 'team', notice: 'joined', by: 'ann', version: 2, at: 1000, ...notice },
    {
      texts: language === 'en' ? noticesEn : noticesZh,
      locale: language,
      me: 'me',
      nameOf: (userId) => (userId === 'bob' ? 'Bob B.' : userId),
    },
  );

describe('a notice', () => {
  it('is a sentence in the language of its reader, with names', () => {
    expect(read({ users: ['bob', 'me'] })).toBe('ann added Bob B. and you');
    expect(read({ users: ['bob', 'me'] }, 'zh')).toBe('ann邀请Bob B.和你加入了群聊');
    expect(read({ by: 'me', users: ['me'] })).toBe('You joined');
    expect(read({ notice: 'role', users: ['bob'], values: { role: 'member' } })).toBe(
      'ann ended the admin role of Bob B.',
    );
    expect(read({ notice: 'muted', users: ['bob'], values: { until: 3_601_000 } })).toBe(
      'ann muted Bob B. (ends in 1 hour)',
    );
    expect(read({ notice: 'muted', users: ['bob'], values: { until: 0 } })).toBe('ann let Bob B. write again');
    expect(read({ notice: 'updated', values: { name: 'Walks' } })).toBe('ann named the group “Walks”');
  });

  it('names five of many users', () => {
    const users = Array.from({ length: 12 }, (_, index) => `u${index}`);
    expect(read({ users })).toBe('ann added u0, u1, u2, u3, u4, and +7');
  });

  it('has words for every kind, in each language', () => {
    for (const notice of NOTICE_NAMES) {
      expect(read({ notice, users: ['bob'] })).toContain('ann');
      expect(read({ notice, users: ['bob'] }, 'zh')).toMatch(/\p{Script=Han}/u);
    }
  });
});
