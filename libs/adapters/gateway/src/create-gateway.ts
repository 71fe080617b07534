import { type Logger, seldom, systemClock } from '@chasqui/kit';
import type { Connection, GatewayFactory, GatewayHandlers } from '@chasqui/ports';
import { INTERNAL_ERROR } from './settings.ts';
import { createUwsGateway } from './uws-gateway.ts';
import { loadUws, type UwsLoaderOptions } from './uws-loader.ts';
import { createWsGateway } from './ws-gateway.ts';

export interface CreateGatewayOptions extends UwsLoaderOptions {
  /** `auto`: uWebSockets.js, or `ws` if that does not load. The others: that engine, or an error. */
  engine: 'auto' | 'uws' | 'ws';
}

/**
 * A factory of gateways on the chosen engine. The choice is made, and logged with its reason, with the first gateway.
 */
export function createGateway({ engine, ...loading }: CreateGatewayOptions): GatewayFactory {
  const { logger } = loading;
  let chosen: Promise<GatewayFactory> | undefined;
  const choose = async (): Promise<GatewayFactory> => {
    if (engine === 'ws') {
      logger.info({ engine: 'ws' }, 'the gateway uses ws, as configured');
      return createWsGateway;
    }
    try {
      const factory = createUwsGateway(await loadUws(loading));
      logger.info({ engine: 'uWebSockets.js' }, 'the gateway uses uWebSockets.js');
      return factory;
    } catch (error) {
      if (engine === 'uws') throw error;
      logger.warn({ engine: 'ws', err: error }, 'uWebSockets.js cannot be loaded: the gateway uses the slower ws');
      return createWsGateway;
    }
  };
  return async (options) => {
    chosen ??= choose();
    return (await chosen)({ ...options, handlers: guardHandlers(options.handlers, logger) });
  };
}

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
