/** What @convenant/app-gateway offers to other projects. */

export { startGateway, type GatewayOptions, type RunningGateway } from './start-gateway.js';
export { defaultLimits, type Limits } from './limits.js';
export { type Organisation } from './organisations.js';
export { type PageDemoPerson, type PageOrganisation, type PageSettings } from './page-endpoint.js';
export { ParticipantVerifier, type ParticipantVerifierOptions } from './participant-token.js';
