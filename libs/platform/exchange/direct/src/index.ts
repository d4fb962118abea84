/** What @convenant/exchange-direct offers to other projects. */

export { DirectTransport } from './direct-transport.js';
export { HttpTransport, type HttpTransportOptions } from './http-transport.js';
