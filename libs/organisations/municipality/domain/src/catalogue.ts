/** Everything that a municipality stores, shows and can tell, for its service to register at once. */
import type { EventCatalogue } from '@convenant/kernel';
import { clientIntroduced, sharedCatalogues, sharedViews, type Composition } from '@convenant/shared-domain';
import { supportList } from './support-list.js';
import { supportEvents } from './support-task.js';

export const municipalityCatalogues: readonly EventCatalogue<{ type: string }>[] = [...sharedCatalogues, supportEvents];
export const municipalityViews = [...sharedViews, supportList] as const;
export const compositions: readonly Composition[] = [clientIntroduced];
