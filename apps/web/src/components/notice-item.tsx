import type { Notice } from '@chasqui/client';
import { useMessenger } from '../hooks/use-messenger.ts';
import { useNames } from '../hooks/use-names.ts';
import { locale, texts } from '../i18n/index.ts';
import { noticeText } from '../i18n/notice-text.ts';
import type { Chat } from '../live/chat.ts';

/** What happened in a group between two messages. */
export function NoticeItem({ chat, row, notice }: { chat: Chat; row: string; notice: Notice }) {
  const { me } = useMessenger();
  const nameOf = useNames(chat);
  return (
    <li className="group-notice" data-row={row} data-testid="notice">
      {noticeText(notice, { texts: texts.groups.notices, locale, me, nameOf })}
    </li>
  );
}
