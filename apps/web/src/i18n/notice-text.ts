import type { Notice } from '@chasqui/client';
import type { NoticeName, UserId } from '@chasqui/domain';
import { soon } from '../model/time-names.ts';
import type { NoticeNames, NoticesTexts } from './notices-en.ts';

export interface NoticeReader {
  texts: NoticesTexts;
  locale: string;
  me: UserId;
  nameOf: (userId: UserId) => string;
}

/** Users of one notice that are named; of more, the number is told. */
const MAX_NAMED = 5;

/** A notice as a sentence for its reader. */
export function noticeText(notice: Notice, reader: NoticeReader): string {
  const { texts, locale, me, nameOf } = reader;
  const { by, at, users = [], values = {} } = notice;
  const named = users.slice(0, MAX_NAMED).map((userId) => (userId === me ? texts.youWithin : nameOf(userId)));
  const more = users.length > MAX_NAMED ? [`+${users.length - MAX_NAMED}`] : [];
  const names: NoticeNames = {
    by: by === me ? texts.you : nameOf(by),
    users: new Intl.ListFormat(locale, { type: 'conjunction' }).format([...named, ...more]) || texts.somebody,
    isAlone: users.length === 1 && users[0] === by,
  };
  const { until = 0, role, name, description, picture } = values;
  const sentences: Record<NoticeName, () => string> = {
    created: () => texts.created(names),
    joined: () => texts.joined(names),
    removed: () => texts.removed(names),
    left: () => texts.left(names),
    owner: () => texts.owner(names),
    dissolved: () => texts.dissolved(names),
    role: () => (role === 'member' ? texts.madeMember(names) : texts.madeAdmin(names)),
    muted: () => (until > at ? texts.muted(names, soon(until - at, locale)) : texts.unmuted(names)),
    updated: () => {
      if (name !== undefined) return texts.named(names, name);
      if (description !== undefined) return texts.described(names);
      return picture === undefined ? texts.settings(names) : texts.pictured(names);
    },
  };
  return sentences[notice.notice]();
}
