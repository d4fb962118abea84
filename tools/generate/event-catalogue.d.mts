/** Types of event-catalogue.mjs, for the tests. */
import type { ServiceDefinition } from '@convenant/host';
import type { EventDefinition } from '@convenant/kernel';
interface CatalogueSource {
  readonly file: string;
  readonly org: string;
  readonly stream: string;
  readonly types: readonly string[];
}
export function catalogueSources(folder?: string): CatalogueSource[];
export function storedEvents(
  services: readonly ServiceDefinition[],
  folder?: string,
): (CatalogueSource & { readonly definition: EventDefinition; readonly keptBy: string[] })[];
export function eventCatalogue(services: readonly ServiceDefinition[], folder?: string): string;
