/** What a health insurer stores and shows of its own: who its insured are. What was disclosed to it stays where it was received. */
import type { EventCatalogue } from '@convenant/kernel';
import { sharedCatalogues, sharedViews, type Composition } from '@convenant/shared-domain';

export const insurerCatalogues: readonly EventCatalogue<{ type: string }>[] = sharedCatalogues;
export const insurerViews = sharedViews;
/** An insurer tells partners nothing about a client; no contract names it as a sender. */
export const compositions: readonly Composition[] = [];
