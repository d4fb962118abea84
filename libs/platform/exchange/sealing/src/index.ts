/** What @convenant/exchange-sealing offers to other projects. */

export { ClientSealer } from './client-sealer.js';
export {
  DeterministicScopeKeys,
  type DeterministicScopeKeyDisk,
  type DeterministicScopeKeysOptions,
} from './deterministic-scope-keys.js';
export { DeterministicSealer, type DeterministicSealerOptions } from './deterministic-sealer.js';
export { DeterministicSigner, type DeterministicSignerOptions } from './deterministic-signer.js';
export { FileKeyStore, type FileKeyStoreOptions } from './file-key-store.js';
export { JoseSigner } from './jose-signer.js';
export {
  backUpKeys,
  keyBackupTerm,
  readKeyBackup,
  restoreKeys,
  type BackUpKeysOptions,
  type KeyBackup,
  type RestoredKeys,
  type RestoreKeysOptions,
} from './key-backup.js';
export { KeyStore, Secret, type KeptSecret } from './key-store.js';
export { KeyStoreScopeKeys, type KeyStoreScopeKeysOptions } from './key-store-scope-keys.js';
export { MemoryKeyStore } from './memory-key-store.js';
export { NotSealedHere } from './not-sealed-here.js';
export {
  organisationKeys,
  signKeyChange,
  verifyKeyChange,
  type OrganisationKeyOptions,
  type OrganisationKeys,
} from './organisation-keys.js';
export { fingerprint, fingerprintOfAll, type Pinned, type PublicKeys, type SigningAlgorithm } from './public-keys.js';
