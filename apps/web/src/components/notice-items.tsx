import type { Notice } from '@chasqui/client';
import { useMessenger } from '../hooks/use-messenger.ts';
import { useNames } from '../hooks/use-names.ts';
import { locale, texts } from '../i18n/index.ts';
import { noticeText } from '../i18n/notice-text.ts';
import type { Chat } from '../live/chat.ts';

/** What happened in a group between two messages. */
export function NoticeItems({ chat, notices = [] }: { chat: Chat; notices: readonly Notice[] | undefined }) {
  const { me } = useMessenger();
  const reader = { texts: texts.groups.notices, locale, me, nameOf: useNames(chat) };
  return notices.map((notice) => (
    <li key={notice.version} className="group-notice" data-testid="notice">
      {noticeText(notice, reader)}
    </li>
  ));
}
