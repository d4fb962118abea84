/** Every contract by its id, so that a message can be understood or refused. */
import { contractId, type Contract, type ControlContract, type DisclosureContract } from './contract.js';
import * as control from './control.js';
import * as disclosures from './disclosures.js';

export const disclosureContracts: readonly DisclosureContract[] = Object.values(disclosures);
export const controlContracts: readonly ControlContract[] = Object.values(control);
const byId = new Map<string, Contract>(
  [...disclosureContracts, ...controlContracts].map((contract) => [contractId(contract), contract]),
);

/** By `name.vN` or by message type; `undefined` for a message that this release does not know. */
export const findContract = (idOrType: string): Contract | undefined =>
  byId.get(idOrType.replace(/^nl\.convenant\./, ''));
