/** Types of installation.mjs, for the tests. */
import type { DemoPerson, LocalOrganisation } from '@convenant/identity-local-provider';

export interface InstalledOrganisation extends LocalOrganisation {
  readonly people: readonly DemoPerson[];
  readonly gatewayPort: number;
  readonly issuer: string;
  readonly audience: string;
  readonly clientId: string;
}
export const loginAddress: string;
export const installation: readonly InstalledOrganisation[];
