import { useMessenger } from '../hooks/use-messenger.ts';
import { useNow } from '../hooks/use-now.ts';
import { useStore } from '../hooks/use-store.ts';
import { texts } from '../i18n/index.ts';

/** An overlay that says why the client is offline and when it reconnects. It does not move the page. */
export function ConnectionNotice() {
  const { status, client } = useMessenger();
  const { state, code, retryAt } = useStore(status);
  if (state === 'online' || (state === 'closed' && code === undefined)) return null;
  if (state === 'closed') {
    return (
      <Notice text={code === 'session_replaced' ? texts.openElsewhere : texts.ended}>
        {/* The status shows the outcome. */}
        <button type="button" className="button" onClick={() => client.connect().catch(() => undefined)}>
          {texts.useHere}
        </button>
      </Notice>
    );
  }
  if (state === 'connecting') return <Notice text={texts.connecting} />;
  return (
    <Notice text={texts.disconnected}>
      {retryAt !== undefined && <Countdown until={retryAt} />}
      <button type="button" className="button" onClick={() => client.wake()} data-testid="try-now">
        {texts.tryNow}
      </button>
    </Notice>
  );
}

function Notice({ text, children }: { text: string; children?: React.ReactNode }) {
  return (
    <div className="notice" role="status" data-testid="connection-notice">
      <span>{text}</span>
      {children}
    </div>
  );
}

function Countdown({ until }: { until: number }) {
  const left = Math.max(0, Math.ceil((until - useNow(500)) / 1000));
  return <span className="quiet">{texts.retryIn(left)}</span>;
}
