export * from './create-gateway.ts';
export { SharedPort, type SharingNode } from './shared-port.ts';
export { createUwsGateway } from './uws-gateway.ts';
export { loadUws, type UwsModule } from './uws-loader.ts';
export { createWsGateway } from './ws-gateway.ts';
export { createWsHandler } from './ws-handler.ts';
