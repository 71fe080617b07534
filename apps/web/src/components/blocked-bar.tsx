import type { UserId } from '@chasqui/domain';
import { useAction } from '../hooks/use-action.ts';
import { useMessenger } from '../hooks/use-messenger.ts';
import { texts } from '../i18n/index.ts';

/** Replaces the composer when the user blocks the peer: a block stops messages in both directions. */
export function BlockedBar({ peer }: { peer: UserId }) {
  const { people } = useMessenger();
  const { busy, error, run } = useAction();
  return (
    <div className="composer composer-blocked" data-testid="composer-blocked">
      <p className="quiet small" role={error === '' ? undefined : 'alert'}>
        {error || texts.people.blockedHere}
      </p>
      <button type="button" className="button" disabled={busy} onClick={() => void run(() => people.unblock(peer))}>
        {texts.people.unblock}
      </button>
    </div>
  );
}
