import { gatewayContract } from '@chasqui/contracts';
import { silentLogger } from '@chasqui/kit';
import { createUwsGateway } from './uws-gateway.ts';
import { loadUws } from './uws-loader.ts';

gatewayContract('uWebSockets.js', createUwsGateway(await loadUws({ logger: silentLogger })));
