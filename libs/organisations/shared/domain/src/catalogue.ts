/** Everything that is stored and shown here, for a service to register at once. */
import type { EventCatalogue } from '@convenant/kernel';
import { accessEvents } from './client-access.js';
import { loginEvents } from './client-login.js';
import { activationCodes, clientNames, clientsByName } from './client-names.js';
import { clientRecordEvents } from './client-record.js';

export const sharedCatalogues: readonly EventCatalogue<{ type: string }>[] = [
  clientRecordEvents,
  accessEvents,
  loginEvents,
];
export const sharedViews = [clientNames, clientsByName, activationCodes] as const;
