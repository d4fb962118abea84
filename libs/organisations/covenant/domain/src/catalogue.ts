/** Everything that the secretariat stores and shows, for its service to register at once. */
import type { EventCatalogue } from '@convenant/kernel';
import { agreementEvents } from './agreement.js';
import { agreements } from './agreements.js';
import { participantEvents } from './participant.js';
import { participants } from './participants.js';

export const covenantCatalogues: readonly EventCatalogue<{ type: string }>[] = [participantEvents, agreementEvents];
export const covenantViews = [participants, agreements] as const;
