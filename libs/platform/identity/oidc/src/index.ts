/** Verifies tokens of any OpenID Connect issuer, and the credential between gateway and subgraph. */
export {
  IssuerUnreachable,
  OidcTokenVerifier,
  signatureAlgorithms,
  type OidcTokenVerifierOptions,
  type SignatureAlgorithm,
} from './oidc-token-verifier.js';
export { GatewayCredential, gatewayCredentialHeader, type GatewayCredentialOptions } from './gateway-credential.js';
