import { useMessenger } from '../hooks/use-messenger.ts';
import { useStore } from '../hooks/use-store.ts';
import { texts } from '../i18n/index.ts';

/** Which node holds the connection, or that none does. */
export function ConnectionLine() {
  const { status, nodes } = useMessenger();
  const { state } = useStore(status);
  const { current } = useStore(nodes.nodes);
  const words = { online: current, connecting: texts.connecting, offline: texts.offline, closed: texts.offline };
  return (
    <p
      className="connection-line"
      data-state={state}
      data-node={state === 'online' ? current : ''}
      role="status"
      title={state === 'online' ? texts.connected(current) : undefined}
      data-testid="connection"
    >
      {words[state]}
    </p>
  );
}
