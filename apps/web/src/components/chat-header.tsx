import { useRef } from 'react';
import { useMessenger } from '../hooks/use-messenger.ts';
import { useNow } from '../hooks/use-now.ts';
import { useLastSeen } from '../hooks/use-people.ts';
import { locale, texts } from '../i18n/index.ts';
import type { Chat } from '../live/chat.ts';
import { ago } from '../model/time-names.ts';
import { useStore } from '../store.ts';
import { Avatar } from './avatar.tsx';
import { HeaderBar } from './header-bar.tsx';
import { PersonDialog } from './people/person-dialog.tsx';

/** The peer and their presence. */
export function ChatHeader({ chat, searchHere }: { chat: Chat; searchHere: () => void }) {
  const { conversationId, peer } = chat;
  const { presence, typing, status } = useMessenger();
  const online = useStore(presence).has(peer);
  const writes = useStore(typing).has(conversationId);
  const { state } = useStore(status);
  const seen = useLastSeen(peer, online);
  const now = useNow(60_000);
  const person = useRef<HTMLDialogElement>(null);
  const away = seen === undefined ? texts.offline : texts.people.lastSeen(ago(seen, now, locale));
  const there = online ? texts.online : away;
  return (
    <HeaderBar chat={chat} name={peer} searchHere={searchHere}>
      <Avatar id={peer} online={online} />
      <div className="bar-title">
        <h2>
          <button
            type="button"
            className="bar-person"
            title={texts.people.about(peer)}
            onClick={() => person.current?.showModal()}
            data-testid="about"
          >
            {peer}
          </button>
        </h2>
        {/* While this device is offline, it knows nobody's presence. */}
        <p className="quiet small" role="status" data-testid="presence" data-online={online}>
          {state === 'online' ? (writes ? texts.typing : there) : '\u00a0'}
        </p>
      </div>
      <PersonDialog peer={peer} dialog={person} />
    </HeaderBar>
  );
}
