import { useMessenger } from '../hooks/use-messenger.ts';
import { useNow } from '../hooks/use-now.ts';
import { texts } from '../i18n/index.ts';
import { currentNumber } from '../live/nodes.ts';
import { useStore } from '../store.ts';

/** Whether there is a connection; for those who look closer, to which node. */
export function ConnectionLine() {
  const { status, nodes } = useMessenger();
  const { state } = useStore(status);
  const known = useStore(nodes.nodes);
  const number = currentNumber(known);
  const words = { online: texts.online, connecting: texts.connecting, offline: texts.offline, closed: texts.offline };
  return (
    <p
      className="connection-line"
      data-state={state}
      data-node={state === 'online' ? number : 0}
      role="status"
      title={state === 'online' ? known.current : undefined}
      data-testid="connection"
    >
      {words[state]}
    </p>
  );
}

/** An overlay that says why the client is offline and when it reconnects, or that nothing is kept. It does not move the page. */
export function ConnectionNotice() {
  const { status, client, isForgetful } = useMessenger();
  const isOnMemory = useStore(isForgetful);
  const { state, code, retryAt } = useStore(status);
  if (state === 'online' && isOnMemory) {
    return (
      <Notice text={texts.nothingKept}>
        <button type="button" className="button" onClick={() => isForgetful.set(false)}>
          {texts.understood}
        </button>
      </Notice>
    );
  }
  // Closed by the page itself, or not yet opened.
  const isIdle = state === 'closed' && (code ?? 'connection_closed') === 'connection_closed';
  if (state === 'online' || isIdle) return null;
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
