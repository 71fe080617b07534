import { gatewayContract } from '@chasqui/ports/contracts';
import { createWsGateway } from './ws-gateway.ts';

gatewayContract('ws', createWsGateway);
