export { createTokenIssuer, type TokenIssuerOptions } from './issuer.ts';
export { createTokenVerifier, type TokenVerifierOptions } from './verifier.ts';
