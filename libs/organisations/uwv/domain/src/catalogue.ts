/** Everything that UWV stores and shows, for its service to register at once. */
import type { EventCatalogue } from '@convenant/kernel';
import { sharedCatalogues, sharedViews } from '@convenant/shared-domain';
import { benefitEvents } from './benefit.js';
import { benefits } from './benefits.js';
import { conclusionEvents } from './conclusion.js';
import { medicalQuestionEvents } from './medical-question.js';
import { clientViews, conclusionDrafts, statementBasis, statements } from './statements.js';
import { askedQuestions, workList } from './work-list.js';

export const uwvCatalogues: readonly EventCatalogue<{ type: string }>[] = [
  ...sharedCatalogues,
  conclusionEvents,
  medicalQuestionEvents,
  benefitEvents,
];
export const uwvViews = [
  ...sharedViews,
  workList,
  askedQuestions,
  statements,
  conclusionDrafts,
  statementBasis,
  clientViews,
  benefits,
] as const;
