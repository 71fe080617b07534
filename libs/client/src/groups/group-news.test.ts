import type { ServerFrameOf } from '@chasqui/protocol';
import { describe, expectTypeOf, it } from 'vitest';
import type { GroupHead, MembershipNews, Notice } from './group-news.ts';

type HeadFrame = ServerFrameOf<'groups'>['groups'][number];
type MembershipFrame = Omit<ServerFrameOf<'membership'>, 'type' | 'position'>;
type NoticeFrame = Omit<ServerFrameOf<'notice'>, 'type'>;

describe('the types of group news, which a package without the protocol has', () => {
  it('have the fields of the frames, with their types (the type checker compares them)', () => {
    expectTypeOf<keyof GroupHead>().toEqualTypeOf<keyof HeadFrame>();
    expectTypeOf<GroupHead>().toExtend<HeadFrame>();
    expectTypeOf<HeadFrame>().toExtend<GroupHead>();
    expectTypeOf<keyof MembershipNews>().toEqualTypeOf<keyof MembershipFrame>();
    expectTypeOf<MembershipNews>().toExtend<MembershipFrame>();
    expectTypeOf<MembershipFrame>().toExtend<MembershipNews>();
    expectTypeOf<keyof Notice>().toEqualTypeOf<keyof NoticeFrame>();
    expectTypeOf<Notice>().toExtend<NoticeFrame>();
    expectTypeOf<NoticeFrame>().toExtend<Notice>();
  });
});
