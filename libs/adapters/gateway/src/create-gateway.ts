import type { GatewayFactory } from '@chasqui/ports';
import { guardHandlers } from './guard-handlers.ts';
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
