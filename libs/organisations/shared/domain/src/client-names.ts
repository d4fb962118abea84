/** Who the clients are: the name beside a client on every list, and the exact look-ups by which one is found. */
import { clearColumn, sealedColumn, type Sealed, type View } from '@convenant/kernel';
import type { AccessEvent } from './client-access.js';
import type { ClientRecordEvent, ContactDetails } from './client-record.js';

export interface ClientNameRow {
  readonly clientId: string;
  readonly initials: Sealed<string>;
  readonly familyName: Sealed<string>;
  readonly dateOfBirth: Sealed<string>;
  readonly contact?: Sealed<ContactDetails> | undefined;
}
/** By client id; found in no other way. Lists take their names from here with `getMany`. */
export const clientNames: View<ClientRecordEvent, ClientNameRow> = {
  name: 'client_names',
  version: 1,
  columns: {
    clientId: clearColumn('own'),
    initials: sealedColumn('K1'),
    familyName: sealedColumn('K1'),
    dateOfBirth: sealedColumn('K1'),
    contact: sealedColumn('K1'),
  },
  keys: (event) => (isAboutIdentity(event) ? [event.clientId] : []),
  apply: (_row, { clientId, initials, familyName, dateOfBirth, contact }) => ({
    clientId,
    initials,
    familyName,
    dateOfBirth,
    ...(contact && { contact }),
  }),
};

export interface ClientMatchRow {
  readonly clientId: string;
  readonly nameDigest: string;
}
/** Exact matching of an introduction: find by index `nameDigest`; more than one row means that a person decides. */
export const clientsByName: View<ClientRecordEvent, ClientMatchRow> = {
  name: 'clients_by_name',
  version: 1,
  columns: { clientId: clearColumn('own'), nameDigest: clearColumn('K1') },
  keys: (event) => (isAboutIdentity(event) ? [event.clientId] : []),
  apply: (_row, { clientId, nameDigest }) => ({ clientId, nameDigest }),
  indexes: ({ nameDigest }) => ({ nameDigest }),
};

export interface ActivationCodeRow {
  readonly clientId: string;
}
/** Whose code this is: key is the digest of the code. Whether it still works is for the client's own stream to say. */
export const activationCodes: View<AccessEvent, ActivationCodeRow> = {
  name: 'activation_codes',
  version: 2,
  columns: { clientId: clearColumn('own') },
  keys: (event) => (event.type === 'ActivationCodeIssued' ? [event.codeDigest] : []),
  apply: (row, event) => (event.type === 'ActivationCodeIssued' ? { clientId: event.clientId } : row),
};

const isAboutIdentity = (event: { readonly type: string }): boolean =>
  event.type === 'ClientRegistered' || event.type === 'ClientDetailsCorrected';
