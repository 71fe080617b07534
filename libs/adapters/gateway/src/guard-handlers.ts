import { type Logger, seldom, systemClock } from '@chasqui/kit';
import type { Connection, GatewayHandlers } from '@chasqui/ports';
import { INTERNAL_ERROR } from './settings.ts';

/** Minimum interval between log lines about handlers' faults, ms. */
const FAULT_LOG_MS = 1_000;

/** An error that a handler throws ends its connection only: the turn's other frames and the process go on. */
export function guardHandlers(handlers: GatewayHandlers, logger: Logger): GatewayHandlers {
  const note = seldom(systemClock, FAULT_LOG_MS, (faults, err: unknown, event: string) =>
    logger.error({ err, event, faults }, 'a socket event handler failed'),
  );
  const guarded =
    <Args extends unknown[]>(event: string, handle: (connection: Connection, ...args: Args) => void) =>
    (connection: Connection, ...args: Args): void => {
      try {
        handle(connection, ...args);
      } catch (error) {
        note(error, event);
        connection.end(INTERNAL_ERROR, 'internal');
      }
    };
  return {
    open: guarded('open', (connection) => handlers.open(connection)),
    message: guarded('message', (connection, data: string | Uint8Array) => handlers.message(connection, data)),
    close: guarded('close', (connection, code: number) => handlers.close(connection, code)),
    http: (path) => handlers.http(path),
  };
}
