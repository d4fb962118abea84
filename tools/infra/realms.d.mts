/** Types of realms.mjs, for the tests. */
import type { InstalledOrganisation } from './installation.mjs';

export interface Realm {
  readonly realm: string;
  readonly roles: { readonly realm: readonly { readonly name: string }[] };
  readonly clients: readonly {
    readonly clientId: string;
    readonly publicClient: boolean;
    readonly directAccessGrantsEnabled: boolean;
    readonly standardFlowEnabled: boolean;
    readonly redirectUris: readonly string[];
    readonly defaultClientScopes: readonly string[];
    readonly attributes: Readonly<Record<string, string>>;
    readonly protocolMappers: readonly {
      readonly protocolMapper: string;
      readonly config: Readonly<Record<string, string>>;
    }[];
  }[];
  readonly users: readonly {
    readonly username: string;
    readonly firstName: string;
    readonly realmRoles: readonly string[];
    readonly credentials: readonly { readonly value: string }[];
  }[];
}
export const demoPassword: string;
export function realms(): Map<string, string>;
export function realmOf(organisation: InstalledOrganisation): Realm;
