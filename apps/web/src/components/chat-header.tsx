import type { UserId } from '@chasqui/domain';
import { useMessenger } from '../hooks/use-messenger.ts';
import { goTo } from '../hooks/use-route.ts';
import { useStore } from '../hooks/use-store.ts';
import { texts } from '../i18n/index.ts';
import { Avatar } from './avatar.tsx';
import { Icon } from './icon.tsx';

/** Whom one is talking to, and whether they are there. */
export function ChatHeader({ peer, searchHere }: { peer: UserId; searchHere: () => void }) {
  const { presence, typing, status } = useMessenger();
  const online = useStore(presence).has(peer);
  const writes = useStore(typing).has(peer);
  const { state } = useStore(status);
  const there = online ? texts.online : texts.offline;
  return (
    <header className="bar">
      <button
        type="button"
        className="icon-button only-phone"
        aria-label={texts.back}
        onClick={() => goTo({})}
        data-testid="back"
      >
        <Icon name="back" />
      </button>
      <Avatar userId={peer} online={online} />
      <div className="bar-title">
        <h2>{peer}</h2>
        {/* While this device is offline nobody's presence is known to it. */}
        <p className="quiet small" role="status" data-testid="presence" data-online={online}>
          {state === 'online' ? (writes ? texts.typing : there) : '\u00a0'}
        </p>
      </div>
      <button
        type="button"
        className="icon-button"
        aria-label={texts.searchIn(peer)}
        title={texts.searchIn(peer)}
        onClick={() => {
          searchHere();
          // On a phone the search is where the list is.
          if (window.matchMedia('(width <= 40rem)').matches) goTo({});
        }}
        data-testid="search-here"
      >
        <Icon name="search" />
      </button>
    </header>
  );
}
