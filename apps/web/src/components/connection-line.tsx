import { useMessenger } from '../hooks/use-messenger.ts';
import { useStore } from '../hooks/use-store.ts';
import { texts } from '../i18n/index.ts';
import { currentNumber } from '../live/nodes.ts';

/** The node that holds the connection, or that there is no connection. */
export function ConnectionLine() {
  const { status, nodes } = useMessenger();
  const { state } = useStore(status);
  const known = useStore(nodes.nodes);
  const number = currentNumber(known);
  const here = number === 0 ? new URL(known.current || location.href).host : texts.nodeNumber(number);
  const words = { online: here, connecting: texts.connecting, offline: texts.offline, closed: texts.offline };
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
