/** What @convenant/exchange-contract offers to other projects. */

export { OnceReceiver, ResendingSender } from './resend-until-receipt.js';
export { scopeKeysContract, type ScopeKeysUnderTest } from './scope-keys.contract.js';
export { sealerContract, type SealerUnderTest } from './sealer.contract.js';
export { seeded } from './seeded.js';
export { signerContract, type SignersUnderTest } from './signer.contract.js';
export { changeOneCharacter } from './tampering.js';
export { transportContract, type TransportUnderTest } from './transport.contract.js';
export { UnreliableTransport, badNetwork, unreliable, type Chance, type Trouble } from './unreliable.js';
export { VirtualTime } from './virtual-time.js';
